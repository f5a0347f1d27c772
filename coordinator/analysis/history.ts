import type { Cell } from "../../shared/domain/cell.ts";
import { segment } from "../../shared/stats/change-points.ts";
import {
  difference,
  type LogEstimate,
  logMean,
  twoSidedP,
} from "../../shared/stats/log-estimate.ts";
import { toMetric } from "./findings/metric.ts";
import type { Metric } from "./metric.ts";

/** The structure of histories as JSON; a change that breaks readers gets another number. */
export const historySchema = "fleetsweep-history/1";

/** One cell on one host over sweeps, in the order of their submission. */
export interface History {
  readonly schema: typeof historySchema;
  readonly hostId: string;
  readonly cell: Cell;
  readonly points: readonly HistoryPoint[];
  readonly changes: readonly HistoryChange[];
}

export interface HistoryPoint {
  readonly sweepId: string;
  readonly submittedAtMs: number;
  readonly latencyNs: Metric;
  readonly versions: readonly string[];
}

export interface HistoryChange {
  /** The first sweep at the new level. */
  readonly sweepId: string;
  readonly submittedAtMs: number;
  /** New over old level: above 1 is slower. */
  readonly ratio: Metric;
  readonly p: number | null;
  /** Versions that came with it. */
  readonly newVersions: readonly string[];
}

/** Launch medians of one cell in one sweep. */
export interface HistoryEntry {
  readonly sweepId: string;
  readonly submittedAtMs: number;
  readonly mediansNs: readonly number[];
  readonly versions: readonly string[];
}

/** As Hunter has them: a change must hold for two sweeps, be certain at 0.1 %, and matter. */
const rules = { minLength: 2, level: 0.001, minShift: Math.log1p(0.01) } as const;

/** The history of a cell with the sweeps at which its level changed. */
export function buildHistory(
  hostId: string,
  cell: Cell,
  entries: readonly HistoryEntry[],
): History {
  const known = [...entries]
    .filter(({ mediansNs }) => mediansNs.length > 0)
    .sort((a, b) => a.submittedAtMs - b.submittedAtMs);
  const estimates = known.flatMap(({ mediansNs }) => logMean(mediansNs) ?? []);
  const segments = segment(
    estimates.map(({ mean }) => mean),
    rules,
  );
  return {
    schema: historySchema,
    hostId,
    cell,
    points: known.map(({ sweepId, submittedAtMs, versions }, index) => ({
      sweepId,
      submittedAtMs,
      latencyNs: toMetric({ estimate: estimates[index] ?? nothing, show: Math.exp }, "ns"),
      versions,
    })),
    changes: segments.slice(1).flatMap(({ start, end }, index): HistoryChange[] => {
      const before = segments[index];
      const first = known[start];
      if (before === undefined || first === undefined) return [];
      const level = (from: number, to: number): LogEstimate =>
        logMean(estimates.slice(from, to).map(({ mean }) => Math.exp(mean))) ?? nothing;
      const ratio = difference(level(start, end), level(before.start, before.end));
      const old = new Set(known.slice(before.start, start).flatMap(({ versions }) => versions));
      return [
        {
          sweepId: first.sweepId,
          submittedAtMs: first.submittedAtMs,
          ratio: toMetric({ estimate: ratio, show: Math.exp }, "ratio"),
          p: twoSidedP(ratio),
          newVersions: first.versions.filter((version) => !old.has(version)),
        },
      ];
    }),
  };
}

const nothing: LogEstimate = { mean: Number.NaN, se: null, df: 0, n: 0 };
