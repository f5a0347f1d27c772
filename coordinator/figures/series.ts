import type { ReportRow } from "../analysis/report.ts";
import { keyOf, titleOf } from "./axis-roles.ts";
import { limits, type Selection } from "./limits.ts";

/** Settings that a picture tells apart, in the order of the report. */
export interface SeriesIndex {
  readonly names: readonly string[];
  readonly notes: readonly string[];
  /** The place of a row's series, or null where it was not selected. */
  readonly indexOf: (row: ReportRow) => number | null;
}

/** Series by the named axes; more than can be told apart are selected from. */
export function indexSeries(rows: readonly ReportRow[], axes: readonly string[]): SeriesIndex {
  const firsts = new Map<string, ReportRow>();
  for (const row of rows) {
    const key = keyOf(row, axes);
    if (!firsts.has(key)) firsts.set(key, row);
  }
  const { members, notes } = selectSeries(rows, [...firsts.keys()], axes);
  const places = new Map(members.map((key, index) => [key, index]));
  return {
    names: members.map((key) => {
      const row = firsts.get(key);
      const title = row === undefined ? "" : titleOf(row, axes);
      return title === "" ? "all cells" : title;
    }),
    notes,
    indexOf: (row) => places.get(keyOf(row, axes)) ?? null,
  };
}

/** Those that are the fastest of most workloads, for a slow one hides nothing that matters. */
function selectSeries(
  rows: readonly ReportRow[],
  keys: readonly string[],
  axes: readonly string[],
): Selection<string> {
  if (keys.length <= limits.series) return { members: keys, notes: [] };
  const best = new Map<string, number>(keys.map((key) => [key, Number.POSITIVE_INFINITY]));
  for (const row of rows) {
    const key = keyOf(row, axes);
    const sofar = best.get(key) ?? Number.POSITIVE_INFINITY;
    best.set(key, Math.min(sofar, row.medianNs.value));
  }
  const fastest = new Set(
    keys.toSorted((a, b) => (best.get(a) ?? 0) - (best.get(b) ?? 0)).slice(0, limits.series),
  );
  return {
    members: keys.filter((key) => fastest.has(key)),
    notes: [
      `${limits.series} of ${keys.length} settings are shown: those with the lowest latencies.`,
    ],
  };
}
