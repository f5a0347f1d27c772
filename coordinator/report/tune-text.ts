import type { Cell } from "../../shared/domain/cell.ts";
import { countOf } from "../../shared/domain/text-layout.ts";
import type { Objective } from "../../shared/domain/tune.ts";
import { type TuneReport, units } from "../logic/tune/tune-report.ts";
import { significant } from "./numbers.ts";
import { wrapText } from "./text-table.ts";
import { importanceLines, interactionLines, sliceLines } from "./tune-importance-text.ts";
import { trialTable } from "./tune-trials-text.ts";

/** What a tune found as text for a terminal of `width` columns: the answer first, then why. */
export function renderTuneText(report: TuneReport, width: number): string {
  const sections = [
    headLines(report, width),
    answerLines(report, width),
    section("Improvement over trials", improvementLines(report)),
    section("Which knobs matter", importanceLines(report, width)),
    section("Best expected at each value, over the best of all", sliceLines(report, width)),
    section("Knobs that act together", interactionLines(report)),
    section("Trade-off: trials that no other beats in both", paretoLines(report, width)),
    section("Compared with every configuration measured", bruteForceLines(report, width)),
    section("Trials", historyLines(report, width)),
    section(
      "Notes",
      report.notes.flatMap((note) => wrapText(note, width)),
    ),
  ];
  const shown = sections.filter((lines) => lines.length > 0);
  return `${shown.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}

export function headLines(report: TuneReport, width: number): readonly string[] {
  const { settings, trials, hostIds, configurations } = report;
  const goal = settings.objectives.map((objective) => `${objective} (${units[objective]})`);
  const limit = settings.p99LimitMs === null ? "" : `, p99 at most ${settings.p99LimitMs} ms`;
  const spent = `${trials.length} of at most ${countOf(settings.trials, "trial")}`;
  return [
    `tune ${report.sweepId}  ${report.name}  ${report.state}`,
    ...wrapText(
      `for ${goal.join(" and ")}${limit} by ${settings.strategy}, seed ${settings.seed}`,
      width,
    ),
    ...wrapText(
      `${spent} among ${countOf(configurations, "configuration")} on ${hostIds.join(", ")}`,
      width,
    ),
    ...wrapText(`${report.ended === null ? "goes on" : `ended: ${report.ended}`}`, width),
  ];
}

export function answerLines(report: TuneReport, width: number): readonly string[] {
  const { recommended, untuned, confirmation, knobs, settings } = report;
  if (recommended === null) return ["No configuration was measured: nothing is recommended."];
  const cell = "absent" in confirmation ? recommended.cell : confirmation.settings;
  return [
    ...wrapText(`Recommended: ${describe(cell, knobs)}`, width),
    `  measured  ${formatValues(recommended.values, settings.objectives)}${
      recommended.predicted === null
        ? ""
        : `, by the model ${significant(recommended.predicted, 4)}`
    }`,
    `  untuned   ${formatValues(untuned.values, settings.objectives)}`,
    ...indented(`confirmed ${describeConfirmation(report)}`, width),
    "  to copy:",
    ...recommended.settings.map((line) => `    ${line}`),
  ];
}

function indented(text: string, width: number): readonly string[] {
  return wrapText(text, width - 2).map((line) => `  ${line}`);
}

function describeConfirmation({ confirmation }: TuneReport): string {
  if ("absent" in confirmation) return `not: ${confirmation.absent}`;
  const { gain, winner } = confirmation;
  const times = `${significant(gain.value, 4)} times the untuned`;
  const range =
    gain.low === null || gain.high === null
      ? "without an interval"
      : `95 % from ${significant(gain.low, 4)} to ${significant(gain.high, 4)}`;
  const which = winner === "runner-up" ? "; the best observed beat the model's choice" : "";
  return `${times}, ${range}, ${countOf(gain.pairs, "pair")} of launches${which}`;
}

/** The knobs' values; what a knob does nothing for is left out. */
export function describe(cell: Cell, knobs: readonly string[]): string {
  const shown = knobs.filter((name) => cell[name] !== undefined);
  return shown.map((name) => `${name}=${cell[name]}`).join(" ");
}

function formatValues(
  values: readonly (number | null)[],
  objectives: readonly Objective[],
): string {
  const shown = values.map((value, k) => {
    const objective = objectives[k];
    const unit = objective === undefined ? "" : ` ${units[objective]}`;
    return value === null ? `no ${objective ?? "value"}` : `${significant(value, 4)}${unit}`;
  });
  return shown.length === 0 ? "nothing" : shown.join(", ");
}

/** Trials at which the best seen got better, each with a bar of its share of the first. */
export function improvementLines({ trials, settings, knobs }: TuneReport): readonly string[] {
  const [objective] = settings.objectives;
  if (settings.objectives.length > 1 || objective === undefined) return [];
  const steps = trials.filter(
    ({ best }, k) => best !== null && best !== (trials[k - 1]?.best ?? null),
  );
  const values = steps.flatMap(({ best }) => best ?? []);
  const largest = Math.max(...values);
  return steps.map(({ trial, best, cell }) => {
    const bar = "█".repeat(Math.max(1, Math.round((18 * (best ?? 0)) / largest)));
    const value = significant(best ?? 0, 4);
    return `  ${String(trial).padStart(4)}  ${value.padStart(8)}  ${bar.padEnd(18)}  ${describe(cell, knobs)}`;
  });
}

function paretoLines(report: TuneReport, width: number): readonly string[] {
  const rows = report.trials.filter(({ trial }) => report.pareto.includes(trial));
  return rows.length === 0 ? [] : trialTable(report, rows, width);
}

function historyLines(report: TuneReport, width: number): readonly string[] {
  return report.trials.length === 0 ? [] : trialTable(report, report.trials, width);
}

export function bruteForceLines(report: TuneReport, width: number): readonly string[] {
  const { bruteForce, knobs, settings, trials } = report;
  if (bruteForce === null) return [];
  const gap = `${(100 * bruteForce.gap).toFixed(2)} %`;
  const usable =
    bruteForce.usable === bruteForce.trials ? "" : ` (${bruteForce.usable} with a usable value)`;
  return [
    ...indented(
      `${bruteForce.sweepId} measured all ${bruteForce.trials}${usable}: best ${describe(bruteForce.best.cell, knobs)} at ${formatValues(bruteForce.best.values, settings.objectives)}`,
      width,
    ),
    ...indented(
      `there the recommendation is ${gap} from the best, found with ${countOf(trials.length, "trial")} (${((100 * trials.length) / bruteForce.trials).toFixed(1)} %)`,
      width,
    ),
  ];
}
