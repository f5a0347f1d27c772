import type { LogEstimate } from "../../../shared/stats/log-estimate.ts";

/**
 * Launches that would tell an estimate from the edge of ±`margin`: R ≈ (1.96 · s/W)² for the distance W from the
 * nearer edge, which is taken as a quarter of the margin at least; at least one more than there are.
 */
export function launchesNeeded({ mean, se, n }: LogEstimate, margin: number): number {
  const spread = (se ?? 0) * Math.sqrt(n);
  const distance = Math.max(Math.abs(Math.abs(mean) - margin), margin / 4);
  return Math.max(n + 1, Math.ceil((1.96 * spread) ** 2 / distance ** 2));
}
