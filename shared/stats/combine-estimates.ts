import type { LogEstimate } from "./log-estimate.ts";

export interface Combined {
  readonly estimate: LogEstimate;
  /** Variance between the sources beyond what their own errors explain. */
  readonly tauSquared: number;
}

/**
 * Random-effects mean of estimates from different hosts: weights by DerSimonian and Laird (1986), the
 * interval by Hartung and Knapp (2001), which keeps its coverage with few hosts. Estimates without a
 * standard error cannot be weighed: if any lacks one, all weigh the same. Null for none.
 */
export function combineEstimates(estimates: readonly LogEstimate[]): Combined | null {
  const k = estimates.length;
  const [first] = estimates;
  if (first === undefined) return null;
  if (k === 1) return { estimate: { mean: first.mean, se: null, df: 0, n: 1 }, tauSquared: 0 };
  const variances = estimates.map(({ se }) => (se === null ? null : se ** 2));
  const known = variances.every((variance) => variance !== null && variance > 0);
  const within = known ? (variances as number[]) : estimates.map(() => 0);
  const tauSquared = betweenVariance(estimates, within, known);
  const total = within.map((variance) => variance + tauSquared);
  const weights = total.every((variance) => variance > 0)
    ? total.map((variance) => 1 / variance)
    : total.map(() => 1);
  const sum = weights.reduce((a, b) => a + b, 0);
  const mean = weighted(estimates, weights) / sum;
  const scatter = estimates.reduce(
    (acc, { mean: value }, index) => acc + (weights[index] ?? 0) * (value - mean) ** 2,
    0,
  );
  // At least 1, or hosts that agree by chance would give an interval below what their errors allow.
  const factor = known ? Math.max(1, scatter / (k - 1)) : scatter / (k - 1);
  return { estimate: { mean, se: Math.sqrt(factor / sum), df: k - 1, n: k }, tauSquared };
}

function betweenVariance(
  estimates: readonly LogEstimate[],
  within: readonly number[],
  known: boolean,
): number {
  if (!known) return 0;
  const weights = within.map((variance) => 1 / variance);
  const sum = weights.reduce((a, b) => a + b, 0);
  const squares = weights.reduce((a, b) => a + b * b, 0);
  const mean = weighted(estimates, weights) / sum;
  const q = estimates.reduce(
    (acc, { mean: value }, index) => acc + (weights[index] ?? 0) * (value - mean) ** 2,
    0,
  );
  return Math.max(0, (q - (estimates.length - 1)) / (sum - squares / sum));
}

function weighted(estimates: readonly LogEstimate[], weights: readonly number[]): number {
  return estimates.reduce((acc, { mean }, index) => acc + (weights[index] ?? 0) * mean, 0);
}
