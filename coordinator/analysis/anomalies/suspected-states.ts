import { groupBy } from "../../../shared/domain/group-by.ts";
import { splitAtGap } from "../../../shared/stats/largest-gap.ts";
import { type AnalysedCell, numberObjects } from "../findings/analysed-cell.ts";
import type { Anomaly } from "../findings.ts";

/** Fewer values always have a gap somewhere. */
const leastCells = 4;

/**
 * Workloads without repeats whose cells on full packages lie at two levels, whatever the knobs: a cell that
 * has two states looks like that, and only repeats can tell which knob, if any, decides between them.
 */
export function findSuspectedStates(cells: readonly AnalysedCell[]): readonly Anomaly[] {
  const single = cells.filter(
    ({ layout, latencyNs }) =>
      latencyNs.size === 1 &&
      layout !== null &&
      layout.instances === 1 &&
      layout.fillsPackages &&
      !layout.smt &&
      !layout.remoteMemory,
  );
  const numberOf = numberObjects();
  const groups = groupBy(single, ({ hostId, workload }) => `${hostId} ${numberOf(workload)}`);
  return [...groups.values()].flatMap((same): Anomaly[] => {
    const [first] = same;
    if (first === undefined || same.length < leastCells) return [];
    const values = same.flatMap(({ latencyNs }) => [...latencyNs.values()]);
    const gap = splitAtGap(values);
    if (gap === null || !gap.isSuspect) return [];
    return [
      {
        kind: "bimodal",
        hostId: first.hostId,
        cellIds: same.map(({ cellId }) => cellId),
        message: `${gap.low.length} of ${values.length} cells on full sockets are ${gap.factor.toPrecision(3)} times as fast as the others, with nothing between: two states are suspected, and only repeats can tell`,
        score: Math.log(gap.factor),
      },
    ];
  });
}
