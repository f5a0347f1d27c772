import { coreCovariance, coreGradient, emptyCoreCovariance } from "./core-covariance.ts";
import { type CovarianceParts, combine } from "./covariance-parts.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import { knobCovariance, knobGradient } from "./knob-covariance.ts";
import { at, makeSquareMatrix, type SquareMatrix } from "./linear-algebra.ts";
import type { ObservedSpace } from "./observed-space.ts";

export interface VisitCovariance {
  /** Lower triangle only; noise included. */
  readonly matrix: SquareMatrix;
  readonly parts: CovarianceParts;
}

/** Covariance of the visits' log values. */
export function visitCovariance(observed: ObservedSpace, p: Hyperparameters): VisitCovariance {
  const { space, visits, counts, settings } = observed;
  const parts = {
    cores: coreCovariance(space.coreFeatures, p, counts, counts),
    knobs: knobCovariance(space.factors, p, settings, settings),
  };
  const size = visits.values.length;
  const matrix = makeSquareMatrix(size);
  for (let a = 0; a < size; a += 1) {
    for (let b = 0; b <= a; b += 1) {
      const same = visits.configurations[a] === visits.configurations[b];
      matrix.data[a * size + b] =
        combine(p, parts, corePlace(observed, a, b), knobPlace(observed, a, b)) +
        (same ? p.configuration ** 2 : 0) +
        (a === b ? p.noise ** 2 * at(visits.noiseFactors, a) : 0);
    }
  }
  return { matrix, parts };
}

/**
 * The chain rule backwards through {@link visitCovariance}: derivatives by the logs of all
 * hyperparameters, from those by the matrix's entries (`upstream`, both triangles).
 */
export function visitCovarianceGradient(
  observed: ObservedSpace,
  p: Hyperparameters,
  { cores, knobs }: CovarianceParts,
  upstream: Float64Array,
): Hyperparameters {
  const { space, visits, counts, settings } = observed;
  const toCores = emptyCoreCovariance(counts.length ** 2);
  const toEffects = new Float64Array(settings.length ** 2);
  const toPairs = new Float64Array(settings.length ** 2);
  const sum = { knobPairs: 0, joint: 0, configuration: 0, noise: 0 };
  const size = visits.values.length;
  for (let a = 0; a < size; a += 1) {
    for (let b = 0; b < size; b += 1) {
      const weight = at(upstream, a * size + b);
      const core = corePlace(observed, a, b);
      const knob = knobPlace(observed, a, b);
      const joint = weight * p.joint ** 2 * at(knobs.joint, knob);
      add(toCores.base, core, weight);
      add(toCores.knobFactor, core, weight * at(knobs.effects, knob));
      add(toCores.curve, core, joint);
      add(toEffects, knob, weight * at(cores.knobFactor, core));
      add(toPairs, knob, weight * p.knobPairs ** 2);
      sum.knobPairs += weight * at(knobs.pairs, knob);
      sum.joint += joint * at(cores.curve, core);
      if (visits.configurations[a] === visits.configurations[b]) sum.configuration += weight;
      if (a === b) sum.noise += weight * at(visits.noiseFactors, a);
    }
  }
  return {
    ...coreGradient(space.coreFeatures, p, counts, toCores),
    knobPairs: 2 * p.knobPairs ** 2 * sum.knobPairs,
    joint: 2 * sum.joint,
    configuration: 2 * p.configuration ** 2 * sum.configuration,
    noise: 2 * p.noise ** 2 * sum.noise,
    knobs: knobGradient(space.factors, p, settings, { effects: toEffects, pairs: toPairs }),
  };
}

function corePlace({ counts, countOf }: ObservedSpace, a: number, b: number): number {
  return (countOf[a] ?? 0) * counts.length + (countOf[b] ?? 0);
}

function knobPlace({ settings, settingOf }: ObservedSpace, a: number, b: number): number {
  return (settingOf[a] ?? 0) * settings.length + (settingOf[b] ?? 0);
}

function add(target: Float64Array, place: number, value: number): void {
  target[place] = at(target, place) + value;
}
