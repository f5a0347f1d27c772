import type { Importance, TuneReport } from "../logic/tune/tune-report.ts";
import { layOutTable, type TextColumn, wrapText } from "./text-table.ts";

/** Two questions about each knob: how much it moves the whole space, and what its default costs. */
export function importanceLines({ importance }: TuneReport, width: number): readonly string[] {
  if ("absent" in importance) return [`  not yet: ${importance.absent}`];
  const { variance } = importance;
  const column = (header: readonly string[], cells: readonly string[]): TextColumn => ({
    header,
    align: "right",
    key: false,
    cells,
  });
  const columns: readonly TextColumn[] = [
    { header: ["knob"], align: "left", key: true, cells: variance.map(({ knob }) => knob) },
    column(
      ["variance,", "alone %"],
      variance.map(({ main }) => percent(main)),
    ),
    column(
      ["with", "others %"],
      variance.map(({ total }) => percent(total)),
    ),
    column(
      ["default", "costs %"],
      variance.map(({ knob }) => costOf(importance, knob)),
    ),
    column(
      ["95 %", "from … to"],
      variance.map(({ knob }) => rangeOf(importance, knob)),
    ),
  ];
  return layOutTable(columns, width);
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}

function costOf({ defaults }: Importance, knob: string): string {
  const found = defaults.find((cost) => cost.knob === knob);
  return found === undefined ? "–" : percent(found.cost);
}

function rangeOf({ defaults }: Importance, knob: string): string {
  const found = defaults.find((cost) => cost.knob === knob);
  return found === undefined ? "–" : `${percent(found.low)} … ${percent(found.high)}`;
}

/** A line a knob: each value with how much slower the best with it is expected to be. */
export function sliceLines({ importance }: TuneReport, width: number): readonly string[] {
  if ("absent" in importance) return [];
  return importance.slices.flatMap(({ knob, levels }) => {
    const shown = levels.map(({ value, cost }) => `${value} +${percent(cost)} %`);
    return wrapText(`${knob}: ${shown.join(", ")}`, width - 2).map((line) => `  ${line}`);
  });
}

export function interactionLines({ importance }: TuneReport): readonly string[] {
  if ("absent" in importance) return [];
  return importance.interactions.map(
    ({ knobs, share }) => `  ${knobs.join(" and ")}: ${percent(share)} % of the variance`,
  );
}
