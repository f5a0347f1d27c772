import { canonicalCell } from "../../../shared/domain/cell.ts";
import { difference, logMean } from "../../../shared/stats/log-estimate.ts";
import { usableLaunches } from "../cell-figures.ts";
import type { CanaryRatio } from "../comparison.ts";
import { type Canary, groupCanaries, mergeVisits } from "../findings/canary-cells.ts";
import { toMetric } from "../findings/metric.ts";
import type { ReportInput } from "../report-input.ts";

/** The same canary on the same host in two sweeps; none within one sweep, where it is one and the same. */
export function compareCanaries(
  inputs: { readonly a: ReportInput; readonly b: ReportInput },
  { a, b }: { readonly a: { readonly sweepId: string }; readonly b: { readonly sweepId: string } },
): readonly CanaryRatio[] {
  if (a.sweepId === b.sweepId) return [];
  const before = new Map(groupCanaries(inputs.a.canaries).map((canary) => [keyOf(canary), canary]));
  return groupCanaries(inputs.b.canaries).flatMap((canary): CanaryRatio[] => {
    const other = before.get(keyOf(canary));
    const [left, right] = [other === undefined ? null : levelOf(other), levelOf(canary)];
    if (left === null || right === null) return [];
    const ratio = toMetric({ estimate: difference(right, left), show: Math.exp }, "ratio");
    return [{ hostId: canary.hostId, cell: canary.cell, ratio }];
  });
}

function keyOf({ hostId, cell }: Canary): string {
  return `${hostId}\n${canonicalCell(cell)}`;
}

function levelOf(canary: Canary) {
  return logMean(usableLaunches(mergeVisits(canary)).map(({ medianNs }) => medianNs));
}
