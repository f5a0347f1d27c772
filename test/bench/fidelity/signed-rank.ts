import { quantileOfSorted } from "../../../shared/stats/quantile.ts";

export interface CenterInterval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Where differences are centred, by the median of all pairwise means, with the values that Wilcoxon's signed-rank
 * test does not reject at 5 % (normal approximation of its quantile, close from 10 values on; Hollander and Wolfe,
 * Nonparametric Statistical Methods, 3.2 and 3.3). Needs symmetry and no shape: without a difference the two sides
 * are exchangeable, and then the differences are symmetrical whatever a launch scatters by. Null for fewer than 10.
 */
export function signedRankInterval(differences: readonly number[]): CenterInterval | null {
  const n = differences.length;
  if (n < 10) return null;
  const means = differences
    .flatMap((a, i) => differences.slice(i).map((b) => (a + b) / 2))
    .sort((a, b) => a - b);
  const spread = Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24);
  const rank = Math.max(0, Math.floor(means.length / 2 - 1.96 * spread));
  const at = (index: number): number => means[index] ?? Number.NaN;
  return {
    estimate: quantileOfSorted(means, 0.5),
    low: at(rank),
    high: at(means.length - 1 - rank),
  };
}
