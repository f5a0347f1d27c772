import { groupBy } from "../../../shared/domain/group-by.ts";
import { bounds } from "../../../shared/stats/log-estimate.ts";
import { median } from "../../../shared/stats/quantile.ts";
import { usableLaunches } from "../cell-figures.ts";
import type { AnalysedCell } from "../findings/analysed-cell.ts";
import type { Anomaly } from "../findings.ts";
import { levelsOf, type Moment, unusualStretches } from "./stretches.ts";
import { describeShift, describeStretch } from "./time-words.ts";

const limits = {
  /** Launches of a host that allow a look at its time. */
  launches: 24,
  minLength: 6,
} as const;

/** One launch's deviation from its cell, ln(T/median of the cell). */
interface CellMoment extends Moment {
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
    const startMs = moments[0]?.atMs ?? 0;
    return unusualStretches(moments, levelsOf(moments, limits)).map((stretch): UnusualTime => {
      const { inside, fromMs, toMs, log, atEnd } = stretch;
      const when = describeStretch(fromMs - startMs, toMs - startMs);
      const shift = describeShift(log.mean, bounds(log));
      const anomaly: Anomaly = {
        kind: atEnd ? "drift" : "slow-period",
        hostId,
        cellIds: [...new Set(inside.map(({ cellId }) => cellId))],
        message: `${when} after its first launch its ${inside.length} launches took ${shift} than at other times`,
        score: Math.abs(log.mean),
      };
      return { hostId, fromMs, toMs, anomaly };
    });
  });
}

/** Only cells with several launches say what is usual for them. */
function momentsOf(cells: readonly AnalysedCell[]): readonly CellMoment[] {
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
