import { median } from "../../../shared/stats/quantile.ts";

/** Figures of each run with so many results. */
export interface Measured {
  readonly results: number;
  readonly runs: readonly Readonly<Record<string, number>>[];
}

const thousands = (value: number): string => Math.round(value).toLocaleString("en-US");
const seconds = (value: number): string => (value < 10 ? value.toFixed(2) : value.toFixed(1));

type Show = (value: number) => string;
type Column = readonly [title: string, name: string, show: Show];

const times: readonly Column[] = [
  ["cells", "cells", thousands],
  ["ingest, results/s", "perSecond", thousands],
  ["read, s", "readS", seconds],
  ["traces, s", "tracesS", seconds],
  ["report, s", "reportS", seconds],
  ["to JSON, s", "partsS", seconds],
  ["page, s", "pageS", seconds],
  ["read for compare, s", "compareReadS", seconds],
  ["compare, s", "compareS", seconds],
];

const memory: readonly Column[] = [
  ["database, MiB", "fileMiB", thousands],
  ["report as JSON, MiB", "documentMiB", thousands],
  ["page, KiB", "pageKiB", thousands],
  ["longest hold in report, ms", "reportHoldMs", thousands],
  ["in compare, ms", "compareHoldMs", thousands],
  ["peak of ingest, MiB", "ingestMiB", thousands],
  ["of report and page, MiB", "reportMiB", thousands],
  ["of compare, MiB", "compareMiB", thousands],
];

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |\n`;
  return [head, head.map(() => "---"), ...rows].map(line).join("");
}

function toTable(columns: readonly Column[]): (measured: readonly Measured[]) => string {
  return (measured) =>
    markdown(
      ["results", "n", ...columns.map(([title]) => title)],
      measured.map(({ results, runs }) => [
        thousands(results),
        String(runs.length),
        ...columns.map(([, name, show]) => withSpread(valuesOf(runs, name), show)),
      ]),
    );
}

/** What takes how long, and how fast results come in. */
export const timeTable = toTable(times);
export const memoryTable = toTable(memory);

/** The median, with the least and the largest of several where they differ as shown. */
function withSpread(values: readonly number[], show: Show): string {
  const [low, high] = [values[0] ?? 0, values.at(-1) ?? 0];
  const middle = show(median(values));
  return show(low) === show(high) ? middle : `${middle} (${show(low)}–${show(high)})`;
}

/** By how much each figure grows from one size to the next: as many times as the results is linear. */
export function growthTable(measured: readonly Measured[]): string {
  const growing = [...times, ...memory].filter(([, name]) => name !== "perSecond");
  const steps = measured.slice(1).flatMap((after, index) => {
    const before = measured[index];
    return before === undefined ? [] : [{ before, after }];
  });
  return markdown(
    ["from", "to", ...growing.map(([title]) => title.replace(/, (s|ms|MiB|KiB)$/, ""))],
    steps.map(({ before, after }) => [
      thousands(before.results),
      thousands(after.results),
      ...growing.map(([, name]) => {
        const ratio = median(valuesOf(after.runs, name)) / median(valuesOf(before.runs, name));
        return Number.isFinite(ratio) ? `× ${ratio.toFixed(1)}` : "–";
      }),
    ]),
  );
}

function valuesOf(runs: Measured["runs"], name: string): readonly number[] {
  return runs.map((run) => run[name] ?? 0).sort((a, b) => a - b);
}
