import type { Cell } from "../../shared/domain/cell.ts";
import type { Metric } from "../analysis/metric.ts";
import type { Choice, Recommendation, Recommendations } from "../analysis/recommendation.ts";
import { absent, chooseTimeUnit, significant } from "./numbers.ts";
import { describeCell } from "./report-notes.ts";
import { toSnakeCase } from "./snake-case.ts";
import { wrapText } from "./text-table.ts";

/** Every form of recommendations by the name that `-o` takes. */
export const recommendationFormats: Readonly<
  Record<"table" | "json", (found: Recommendations, width: number) => string>
> = {
  table: (found, width) =>
    found.items.map((item) => renderItem(item, found.objective, width)).join("\n"),
  json: (found) => `${JSON.stringify(toSnakeCase(found), null, 2)}\n`,
};

const labelWidth = 13;
/** Tied cells that people are shown; the JSON has all. */
const mostTied = 5;

function renderItem(item: Recommendation, objective: string, width: number): string {
  const line = (label: string, text: string): string[] =>
    wrapText(text, width - labelWidth).map(
      (part, index) => (index === 0 ? label : "").padEnd(labelWidth) + part,
    );
  const { hostId, workload, winner, reason, tied, baseline, gain, commands } = item;
  const head = [
    ...line("host", hostId),
    ...line("workload", describeCell(workload, Object.keys(workload))),
  ];
  if (winner === null) return `${[...head, ...line(objective, `nothing: ${reason}`)].join("\n")}\n`;
  const rest = Object.keys(winner.cell).filter((name) => workload[name] === undefined);
  const place = ({ cell }: Choice): string => describeCell(cell, differing(cell, winner.cell));
  const hidden = tied.length - mostTied;
  return `${[
    ...head,
    ...line(objective, describeCell(winner.cell, rest)),
    ...line("", `${describeChoice(winner)}; ${reason}`),
    ...line("out of box", describeGain(baseline, gain, place)),
    ...tied.slice(0, mostTied).flatMap((choice) => line("as good", place(choice))),
    ...(hidden > 0 ? line("", `and ${hidden} more`) : []),
    // Lines to copy are never wrapped.
    ...commands.map((command, index) => (index === 0 ? "run" : "").padEnd(labelWidth) + command),
  ].join("\n")}\n`;
}

/** Axes in which a cell is not as the winner is. */
function differing(cell: Cell, winner: Cell): readonly string[] {
  const names = [...new Set([...Object.keys(cell), ...Object.keys(winner)])];
  return names.filter((name) => cell[name] !== winner[name]);
}

function describeChoice({ latencyNs, samplesPerSecond }: Choice): string {
  const unit = chooseTimeUnit([latencyNs.value ?? 1]);
  return `${figure(latencyNs, unit.ns)} ${unit.name}, ${figure(samplesPerSecond, 1)} samples/s`;
}

function figure(metric: Metric, scale: number): string {
  return metric.value === null ? absent : significant(metric.value / scale, 4);
}

function describeGain(
  baseline: Choice | null,
  gain: Metric,
  place: (choice: Choice) => string,
): string {
  if (gain.value === null || baseline === null) {
    return gain.value === null ? gain.reason : "not measured";
  }
  const reach =
    gain.low === null || gain.high === null
      ? "one launch allows no interval"
      : `${significant(gain.low, 3)} to ${significant(gain.high, 3)}, n = ${gain.n}`;
  const settings = place(baseline);
  const what = settings === "" ? "which is the same" : `with ${settings}`;
  return `${significant(gain.value, 3)} times as good (${reach}) as ${describeChoice(baseline)}, ${what}`;
}
