import { groupBy } from "../../../shared/domain/group-by.ts";
import { segment } from "../../../shared/stats/change-points.ts";
import { bounds, meanOf } from "../../../shared/stats/log-estimate.ts";
import { median } from "../../../shared/stats/quantile.ts";
import { usableLaunches } from "../cell-figures.ts";
import type { AnalysedCell } from "../findings/analysed-cell.ts";
import type { Anomaly } from "../findings.ts";
import { describeShift, describeStretch } from "./time-words.ts";

const limits = {
  /** Launches of a host that allow a look at its time. */
  launches: 24,
  minLength: 6,
  level: 0.0001,
  shift: 0.02,
} as const;

/** One launch's deviation from its cell, ln(T/median of the cell), at the time when it ended. */
interface Moment {
  readonly atMs: number;
  readonly log: number;
  readonly cellId: string;
}

/** A stretch of a host's time that was not as usual. */
export interface UnusualTime {
  readonly hostId: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly anomaly: Anomaly;
}

/**
 * Times in which a whole host was slower or quicker, from all of its launches: cells interleave, so every
 * cell is a canary for the others. A stretch between usual ones is a slow period, one at an end is drift.
 */
export function findUnusualTimes(cells: readonly AnalysedCell[]): readonly UnusualTime[] {
  return [...groupBy(cells, ({ hostId }) => hostId)].flatMap(([hostId, own]) => {
    const moments = momentsOf(own);
    if (moments.length < limits.launches) return [];
    const segments = segment(
      moments.map(({ log }) => log),
      { minLength: limits.minLength, level: limits.level, minShift: limits.shift },
    );
    if (segments.length < 2) return [];
    // Most of the time is how the host is; what differs from it is what happened to it.
    const usual = segments.reduce((a, b) => (b.end - b.start > a.end - a.start ? b : a)).mean;
    return segments.flatMap(({ start, end, mean }, index): UnusualTime[] => {
      const shift = mean - usual;
      if (Math.abs(shift) < limits.shift) return [];
      const inside = moments.slice(start, end);
      const atEnd = index === segments.length - 1 || index === 0;
      const reach = bounds(
        meanOf(inside.map(({ log }) => log - usual)) ?? { mean: shift, se: null, df: 0, n: 1 },
      );
      const [fromMs, toMs] = [inside[0]?.atMs ?? 0, inside.at(-1)?.atMs ?? 0];
      const startMs = moments[0]?.atMs ?? 0;
      const anomaly: Anomaly = {
        kind: atEnd ? "drift" : "slow-period",
        hostId,
        cellIds: [...new Set(inside.map(({ cellId }) => cellId))],
        message: `${describeStretch(fromMs - startMs, toMs - startMs)} after its first launch its ${inside.length} launches took ${describeShift(shift, reach)} than at other times`,
        score: Math.abs(shift),
      };
      return [{ hostId, fromMs, toMs, anomaly }];
    });
  });
}

/** Only cells with several launches say what is usual for them. */
function momentsOf(cells: readonly AnalysedCell[]): readonly Moment[] {
  return cells
    .flatMap(({ cellId, source, latencyNs }) => {
      if (latencyNs.size < 3) return [];
      const center = median([...latencyNs.values()].map(Math.log));
      return usableLaunches(source).map(({ medianNs, endedAtMs }) => ({
        atMs: endedAtMs,
        log: Math.log(medianNs) - center,
        cellId,
      }));
    })
    .sort((a, b) => a.atMs - b.atMs);
}
