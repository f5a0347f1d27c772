import { type AxisValue, numberAxis } from "../../../shared/domain/cell.ts";
import { groupBy } from "../../../shared/domain/group-by.ts";
import { logRatio } from "../../../shared/stats/log-estimate.ts";
import type { AnalysedCell } from "./analysed-cell.ts";
import { measureOf, type RawMetric } from "./metric.ts";

const unusable = "no launches of both cells can be used";

/**
 * N instances with 1/N of the cores and 1/N of a batch each, against one instance that does it all. Found
 * among the cells of a host and setting, for the batch size differs between their workloads. The key is
 * the cell id of the one instance.
 */
export function batchSplits(
  cells: readonly AnalysedCell[],
): ReadonlyMap<string, readonly RawMetric[]> {
  const splits = new Map<string, readonly RawMetric[]>();
  for (const same of groupBy(cells, splitKey).values()) {
    const whole = same.find((cell) => instancesOf(cell) === 1);
    if (whole === undefined) continue;
    const parts = same.filter((cell) => instancesOf(cell) > 1);
    if (parts.length > 0) {
      splits.set(
        whole.cellId,
        parts.flatMap((part) => compare(whole, part)),
      );
    }
  }
  return splits;
}

/** Everything but how the batch and the cores are divided; the totals are the same. */
function splitKey({ hostId, setting, workload, layout, cell }: AnalysedCell): string {
  const { batch_size: _, ...rest } = workload;
  const total = (numberAxis(cell, "batch_size") ?? 1) * (layout?.instances ?? 1);
  const parts: (AxisValue | undefined)[] = [
    total,
    layout?.cores,
    layout?.packages.length,
    cell["smt"],
    cell["memory_policy"],
    layout?.remoteMemory,
  ];
  return JSON.stringify([hostId, setting, rest, parts]);
}

function instancesOf({ layout }: AnalysedCell): number {
  return layout?.instances ?? 0;
}

/** Latency of the whole batch is that of the slowest part; rates are in samples, for calls differ in size. */
function compare(whole: AnalysedCell, part: AnalysedCell): RawMetric[] {
  const instances = instancesOf(part);
  const placement = part.layout?.placement ?? "";
  const at = { placement, instances, batch_size: numberAxis(part.cell, "batch_size") ?? 1 };
  const cellIds = [whole.cellId, part.cellId];
  const time = logRatio(whole.latencyNs, part.latencyNs);
  const rate = logRatio(part.samplesPerSecond, whole.samplesPerSecond);
  return [
    {
      name: "batch-split-speed-up",
      at,
      unit: "ratio",
      measure: measureOf(time, Math.exp, unusable),
      cellIds,
    },
    {
      name: "batch-split-gain",
      at,
      unit: "ratio",
      measure: measureOf(rate, Math.exp, unusable),
      cellIds: [part.cellId, whole.cellId],
    },
  ];
}
