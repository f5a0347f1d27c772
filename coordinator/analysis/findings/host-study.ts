import { numberAxis } from "../../../shared/domain/cell.ts";
import { latencyOf } from "../../../shared/stats/scaling-law.ts";
import type { Scope, Study } from "../findings.ts";
import { acrossMetrics, type MetricInput } from "./across-metrics.ts";
import type { CellGroup } from "./analysed-cell.ts";
import { curvePoints, findCurve } from "./core-curve.ts";
import { fitCores } from "./core-fits.ts";
import { instanceMetrics } from "./instance-metrics.ts";
import { type RawMetric, toScalingMetric } from "./metric.ts";
import { isAcross, type PlacedCell, placedCells } from "./select-cells.ts";

/** A study of one host with its metrics before they are shown, so that a class can combine them. */
export interface HostStudy {
  readonly study: Study;
  readonly raw: readonly RawMetric[];
}

/**
 * All that placements say about one workload under one setting on one host.
 * @param packages of the host with usable cores; null where the host does not say
 */
export function studyHost(
  group: CellGroup,
  packages: number | null,
  batchSplits: ReadonlyMap<string, readonly RawMetric[]>,
): HostStudy {
  const cells = placedCells(group);
  const curve = findCurve(cells);
  const batchSize = numberAxis(group.workload, "batch_size") ?? 1;
  const { fits, law, crossing } = fitCores(curve, batchSize);
  const input: MetricInput = { cells, curve, packages: packages ?? 0 };
  const raw = [
    ...(packages === null ? [] : [...acrossMetrics(input), ...instanceMetrics(input)]),
    ...cells.flatMap(({ cellId }) => batchSplits.get(cellId) ?? []),
  ];
  const fittedRate = (cell: PlacedCell): number | null => {
    if (law === null) return null;
    const factor = isAcross(cell) ? Math.exp(crossing?.mean ?? 0) : 1;
    return (1e9 * batchSize) / (latencyOf(law, cell.layout.cores) * factor);
  };
  const study: Study = {
    scope: hostScope(group.hostId),
    workload: group.workload,
    setting: group.setting,
    curve: curvePoints(curve, fittedRate),
    baseCores: curve.inside[0]?.layout.cores ?? null,
    fits,
    metrics: raw.map(toScalingMetric),
  };
  return { study, raw };
}

export function hostScope(hostId: string): Scope {
  return { kind: "host", id: hostId, hostIds: [hostId] };
}
