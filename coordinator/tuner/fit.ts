import type { EncodedSpace } from "./encoded-space.ts";
import { negativeLogPosterior } from "./evidence.ts";
import { hyperparameterCount, scalarNames, toHyperparameters } from "./hyperparameters.ts";
import { at, choleskyFactor, invertFactored, solveFactored } from "./linear-algebra.ts";
import { type Minimum, minimize } from "./minimize.ts";
import { makeObservedSpace, type ObservedSpace, type Visits } from "./observed-space.ts";
import { visitCovariance } from "./visit-covariance.ts";

/** Bounds of one fit, which keep a suggestion far below its 50 ms. */
const limits = {
  /** Calls of the evidence a start; the search has nearly always settled before. */
  evaluations: 25,
  /** And for each doubtful visit after that. */
  refitEvaluations: 12,
  /** Prior spreads either way. */
  box: 3.5,
  doubtfulVisits: 2,
} as const;

/**
 * A visit this many predictive standard deviations slower than the others say is doubtful: hosts have
 * slow spells, never fast ones. With 40 honest visits one in 36 tunes has such a visit by chance.
 */
const doubtThreshold = 3.2;

/** A doubtful visit counts as one with five times the noise. */
const doubtFactor = 25;

export interface Fit {
  readonly visits: Visits;
  /** Hyperparameters with the highest posterior density found, in whitened coordinates. */
  readonly whitened: Float64Array;
}

/** Deterministic: the same visits give the same fit, whatever was fitted before. At least one visit. */
export function fitHyperparameters(space: EncodedSpace, visits: Visits): Fit {
  let observed = makeObservedSpace(space, visits);
  let best = bestOf(starts(space).map((start) => search(observed, start, limits.evaluations)));
  for (let round = 0; round < limits.doubtfulVisits; round += 1) {
    const doubtful = mostDoubtfulVisit(observed, best.point);
    if (doubtful === null) break;
    const noiseFactors = observed.visits.noiseFactors.map((factor, visit) =>
      visit === doubtful ? factor * doubtFactor : factor,
    );
    observed = makeObservedSpace(space, { ...observed.visits, noiseFactors });
    best = search(observed, best.point, limits.refitEvaluations);
  }
  return { visits: observed.visits, whitened: best.point };
}

function search(observed: ObservedSpace, start: Float64Array, evaluations: number): Minimum {
  const objective = (whitened: Float64Array) => negativeLogPosterior(observed, whitened);
  return minimize(objective, start, { evaluations, box: limits.box });
}

/** The prior's centre, and a model in which neighbouring core counts have less in common. */
function starts(space: EncodedSpace): Float64Array[] {
  const center = new Float64Array(hyperparameterCount(space));
  const rough = Float64Array.from(center);
  rough[scalarNames.indexOf("curveLogLength")] = -1.5;
  rough[scalarNames.indexOf("coreEffect")] = 1;
  return [center, rough];
}

function bestOf(minima: readonly Minimum[]): Minimum {
  return minima.reduce((best, minimum) => (minimum.value < best.value ? minimum : best));
}

/** Leave-one-out residuals by Rasmussen and Williams, eqs. 5.10 to 5.12. */
function mostDoubtfulVisit(observed: ObservedSpace, whitened: Float64Array): number | null {
  const factor = choleskyFactor(visitCovariance(observed, toHyperparameters(whitened)).matrix);
  if (factor === null) return null;
  const weights = solveFactored(factor, observed.residuals);
  const precision = invertFactored(factor);
  let worst: number | null = null;
  let worstDeviation = doubtThreshold;
  weights.forEach((weight, visit) => {
    const deviation = weight / Math.sqrt(at(precision.data, visit * precision.size + visit));
    const isDoubted = at(observed.visits.noiseFactors, visit) >= doubtFactor;
    if (deviation <= worstDeviation || isDoubted) return;
    worst = visit;
    worstDeviation = deviation;
  });
  return worst;
}
