import type { TuneSettings } from "../../../shared/domain/tune.ts";
import { makeRandomSource } from "../../tuner/random.ts";

/** Shares of the objectives, adding up to 1. */
export type CostWeights = readonly number[];

/**
 * One objective weighs all. Of two, every trial gets its own seeded direction, so that the trials spread
 * along the trade-off (ParEGO, Knowles 2006).
 */
export function weightsOf(trial: number, { objectives, seed }: TuneSettings): CostWeights {
  if (objectives.length === 1) return [1];
  const share = makeRandomSource(seed * 1_000_003 + trial).uniform();
  return [share, 1 - share];
}

/** Weight of the plain sum beside the worst objective, as in Knowles 2006. */
const sumWeight = 0.05;

/**
 * One cost for a trial's values, less is better. Several are scaled to the range seen so far, on a log
 * axis, and joined by the augmented Chebyshev norm; as a cost they are positive.
 */
export function scalarCost(
  values: readonly number[],
  seen: readonly (readonly number[])[],
  weights: CostWeights,
): number {
  const [only] = values;
  if (values.length === 1 && only !== undefined) return only;
  const parts = values.map((value, objective) => {
    const logs = seen.map((other) => Math.log(other[objective] ?? value));
    const low = Math.min(...logs);
    const range = Math.max(...logs) - low;
    const share = range > 0 ? (Math.log(value) - low) / range : 0;
    return (weights[objective] ?? 0) * share;
  });
  const sum = parts.reduce((total, part) => total + part, 0);
  return Math.exp(Math.max(...parts) + sumWeight * sum);
}
