import { toHyperparameters, whitenGradient } from "./hyperparameters.ts";
import {
  at,
  choleskyFactor,
  dot,
  invertFactored,
  logDeterminant,
  solveFactored,
} from "./linear-algebra.ts";
import type { Evaluation } from "./minimize.ts";
import type { ObservedSpace } from "./observed-space.ts";
import { visitCovariance, visitCovarianceGradient } from "./visit-covariance.ts";

/**
 * Minus the log posterior density of the hyperparameters, up to a constant, and its gradient, both in
 * whitened coordinates. Rasmussen and Williams, eqs. 5.8 and 5.9; the gradient runs backwards through
 * the covariance's parts, so that all of it costs about as much as the value.
 */
export function negativeLogPosterior(observed: ObservedSpace, whitened: Float64Array): Evaluation {
  const parameters = toHyperparameters(whitened);
  const { matrix, parts } = visitCovariance(observed, parameters);
  const factor = choleskyFactor(matrix);
  if (factor === null) {
    return { value: Number.POSITIVE_INFINITY, gradient: new Float64Array(whitened.length) };
  }
  const { residuals } = observed;
  const weights = solveFactored(factor, residuals);
  const value = (dot(residuals, weights) + logDeterminant(factor) + dot(whitened, whitened)) / 2;
  const upstream = invertFactored(factor).data;
  const size = weights.length;
  for (let a = 0; a < size; a += 1) {
    for (let b = 0; b < size; b += 1) {
      const place = a * size + b;
      upstream[place] = (at(upstream, place) - at(weights, a) * at(weights, b)) / 2;
    }
  }
  const gradient = visitCovarianceGradient(observed, parameters, parts, upstream);
  return {
    value,
    gradient: whitenGradient(gradient).map((slope, k) => slope + at(whitened, k)),
  };
}
