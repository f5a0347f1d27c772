import { flatMapSteps, type Steps } from "../../../shared/domain/steps.ts";
import { combineEstimates } from "../../../shared/stats/combine-estimates.ts";
import {
  bounds,
  type LogEstimate,
  launchMean,
  twoSidedP,
} from "../../../shared/stats/log-estimate.ts";
import { benjaminiHochberg } from "../../../shared/stats/multiplicity.ts";
import type { Change, ComparedCell } from "../comparison.ts";
import type { AnalysedCell } from "../findings/analysed-cell.ts";
import { toMetric } from "../findings/metric.ts";
import { valuesFor } from "../findings/scoped-cells.ts";
import type { Objective } from "../metric.ts";
import type { RatioOfCells } from "./ratio-means.ts";

/** Share of false findings that is accepted among the changes. */
export const falseDiscoveryRate = 0.05;

/** Over launches on one host, over hosts where there are several. */
export function meanOver(cells: readonly AnalysedCell[], objective: Objective): LogEstimate | null {
  const known = cells.flatMap((cell) => launchMean(valuesFor(objective, cell)) ?? []);
  const [only] = known;
  if (known.length <= 1) return only ?? null;
  return combineEstimates(known)?.estimate ?? null;
}

/** Pairs of cells that one step takes. */
export const pairsAStep = 2_000;

/** What is certain of each pair of cells, with all of them in view; in steps. */
export function* judgeSteps(
  pairs: readonly RatioOfCells[],
  { objective, margin }: { readonly objective: Objective; readonly margin: number },
): Steps<readonly ComparedCell[]> {
  const ps = yield* flatMapSteps(pairs, pairsAStep, ({ ratio }) => [twoSidedP(ratio)]);
  const qs = benjaminiHochberg(ps);
  yield;
  const unit = objective === "latency" ? "ns" : "samples/s";
  let index = 0;
  return yield* flatMapSteps(pairs, pairsAStep, (pair): [ComparedCell] => {
    const { hostId, cell, cellIds, a, b, ratio, paired } = pair;
    const [p, q] = [ps[index] ?? null, qs[index] ?? null];
    index += 1;
    return [
      {
        hostId,
        cell,
        cellIds,
        ratio: toMetric({ estimate: ratio, show: Math.exp }, "ratio"),
        a: toMetric({ estimate: a, show: Math.exp }, unit),
        b: toMetric({ estimate: b, show: Math.exp }, unit),
        paired,
        p,
        q,
        change: judgeChange(ratio, q, margin),
      },
    ];
  });
}

/**
 * A change: the 95 % interval lies beyond the margin and q below the accepted rate. The same: the 90 %
 * interval lies within the margin. Else nothing is certain.
 */
function judgeChange(ratio: LogEstimate, q: number | null, margin: number): Change {
  const wide = bounds(ratio);
  const narrow = bounds(ratio, 0.9);
  if (wide === null || narrow === null || q === null) return "inconclusive";
  const theta = Math.log1p(margin);
  if (q < falseDiscoveryRate && wide.low > theta) return "regressed";
  if (q < falseDiscoveryRate && wide.high < -theta) return "improved";
  return narrow.low > -theta && narrow.high < theta ? "same" : "inconclusive";
}
