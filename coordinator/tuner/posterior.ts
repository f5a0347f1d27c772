import { invariant } from "../../shared/domain/errors.ts";
import { crossCovariance, priorVariance } from "./cross-covariance.ts";
import type { EncodedSpace } from "./encoded-space.ts";
import type { Fit } from "./fit.ts";
import { type Hyperparameters, toHyperparameters } from "./hyperparameters.ts";
import { at, choleskyFactor, type SquareMatrix, solveFactored } from "./linear-algebra.ts";
import { makeObservedSpace } from "./observed-space.ts";
import { visitCovariance } from "./visit-covariance.ts";

/** What the model believes of every configuration's noise-free log value. */
export interface Posterior {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  /** Of one more launch, in log units². */
  readonly noiseVariance: number;
  readonly parameters: Hyperparameters;
  /** Posterior covariance of one configuration with each of some others. */
  covariances(configuration: number, others: Int32Array): Float64Array;
}

/** Rounding can leave a visited configuration's variance a little below zero. */
const smallestVariance = 1e-10;

/** Conditions the model on the visits (Rasmussen and Williams, algorithm 2.1), for the whole space. */
export function conditionOn(space: EncodedSpace, { visits, whitened }: Fit): Posterior {
  const observed = makeObservedSpace(space, visits);
  const parameters = toHyperparameters(whitened);
  const factor = choleskyFactor(visitCovariance(observed, parameters).matrix);
  invariant(factor !== null, "a fitted covariance has a Cholesky factor");
  const all = Int32Array.from({ length: space.size }, (_, configuration) => configuration);
  const cross = crossCovariance(space, parameters, visits.configurations, all);
  const weights = solveFactored(factor, observed.residuals);
  const mean = new Float64Array(space.size).fill(observed.mean);
  weights.forEach((weight, visit) => addRow(mean, cross, visit, (value) => weight * value));
  const half = solveLowerRows(factor, cross, space.size);
  const variance = priorVariance(space, parameters);
  weights.forEach((_, visit) => addRow(variance, half, visit, (value) => -value * value));
  return {
    mean,
    variance: variance.map((value) => Math.max(value, smallestVariance)),
    noiseVariance: parameters.noise ** 2,
    parameters,
    covariances: (configuration, others) => {
      const row = crossCovariance(space, parameters, Int32Array.of(configuration), others);
      return row.map((prior, k) => {
        let explained = 0;
        for (let start = 0; start < half.length; start += space.size) {
          explained += at(half, start + configuration) * at(half, start + (others[k] ?? 0));
        }
        return prior - explained;
      });
    },
  };
}

function addRow(
  target: Float64Array,
  rows: Float64Array,
  row: number,
  term: (value: number) => number,
): void {
  const start = row * target.length;
  for (let k = 0; k < target.length; k += 1) target[k] = at(target, k) + term(at(rows, start + k));
}

/** Solves L·X = B for a wide B, `rows of L × columns`, along its rows as they lie in memory. */
function solveLowerRows(factor: SquareMatrix, right: Float64Array, columns: number): Float64Array {
  const solution = Float64Array.from(right);
  for (let row = 0; row < factor.size; row += 1) {
    const own = solution.subarray(row * columns, (row + 1) * columns);
    for (let k = 0; k < row; k += 1) {
      const scale = at(factor.data, row * factor.size + k);
      const other = solution.subarray(k * columns, (k + 1) * columns);
      for (let c = 0; c < columns; c += 1) own[c] = at(own, c) - scale * at(other, c);
    }
    const pivot = at(factor.data, row * factor.size + row);
    for (let c = 0; c < columns; c += 1) own[c] = at(own, c) / pivot;
  }
  return solution;
}
