import { allowsPercentile, percentileMinima } from "../../shared/stats/percentile-guard.ts";
import { quantileOfSorted } from "../../shared/stats/quantile.ts";
import type { PooledCalls } from "./report-input.ts";

/** The calls of all launches and instances of a cell together; null where there are none. */
export function poolCalls(durationsNs: readonly (readonly number[])[]): PooledCalls | null {
  const count = durationsNs.reduce((sum, some) => sum + some.length, 0);
  if (count === 0) return null;
  const sorted = new Float64Array(count);
  let at = 0;
  for (const some of durationsNs) {
    sorted.set(some, at);
    at += some.length;
  }
  sorted.sort();
  const allowed = percentileMinima.filter(({ percentile }) => allowsPercentile(percentile, count));
  const percentilesNs = Object.fromEntries(
    allowed.map(({ percentile }) => [percentile, quantileOfSorted(sorted, percentile / 100)]),
  );
  return { count, p90Ns: quantileOfSorted(sorted, 0.9), percentilesNs };
}
