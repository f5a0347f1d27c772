import type { EncodedSpace } from "./encoded-space.ts";
import { at } from "./linear-algebra.ts";

/**
 * The model's hyperparameters. The model works on log latency, so a standard deviation (sd) of 0.05 is
 * an effect of about 5 %. Core counts are on a log₂ axis and a linear axis, each scaled to [0, 1].
 */
export interface Hyperparameters {
  /** Smooth curve over core counts: sd, and its length scales. */
  readonly curve: number;
  readonly curveLogLength: number;
  readonly curveLinearLength: number;
  /** Crossing into further packages, and sub-NUMA borders inside a package: sd of one step. */
  readonly crossing: number;
  readonly cluster: number;
  /** Tile quantisation, and what a core count does beyond all of the above: sd. */
  readonly tiles: number;
  readonly coreEffect: number;
  /** How much of a knob's effect changes smoothly with cores, and at a crossing, relative to its own sd. */
  readonly knobByCores: number;
  readonly knobByCoresLength: number;
  readonly knobByCrossing: number;
  /** Interaction of two knobs, relative to the geometric mean of their sds. */
  readonly knobPairs: number;
  /** Anything that is particular to all knobs and cores together, smooth in cores: sd. */
  readonly joint: number;
  /** What only this configuration has, and what only this visit has: sd. */
  readonly configuration: number;
  readonly noise: number;
  /** Effect of each factor: sd. */
  readonly knobs: Float64Array;
}

interface Prior {
  readonly median: number;
  /** Standard deviation of the natural logarithm. */
  readonly spread: number;
}

type ScalarName = Exclude<keyof Hyperparameters, "knobs">;

/** Log-normal, weak: two spreads either way cover what the published tables and the shapes show. */
const priors: Readonly<Record<ScalarName, Prior>> = {
  curve: { median: 1, spread: 0.7 },
  curveLogLength: { median: 0.5, spread: 0.5 },
  curveLinearLength: { median: 1, spread: 0.7 },
  crossing: { median: 0.15, spread: 0.7 },
  cluster: { median: 0.02, spread: 0.7 },
  tiles: { median: 0.04, spread: 1 },
  coreEffect: { median: 0.02, spread: 0.8 },
  knobByCores: { median: 0.7, spread: 0.6 },
  knobByCoresLength: { median: 0.7, spread: 0.5 },
  knobByCrossing: { median: 0.5, spread: 0.8 },
  knobPairs: { median: 0.3, spread: 0.7 },
  joint: { median: 0.01, spread: 0.8 },
  configuration: { median: 0.008, spread: 0.5 },
  noise: { median: 0.018, spread: 0.5 },
};
const knobPrior: Prior = { median: 0.035, spread: 0.7 };

/** In the order of the vectors below; the factors' sds follow. */
export const scalarNames = Object.keys(priors) as readonly ScalarName[];

export function hyperparameterCount(space: EncodedSpace): number {
  return scalarNames.length + space.factors.length;
}

/**
 * From whitened coordinates, where the prior is a standard normal: 0 is the prior median, ±1 one
 * spread away.
 */
export function toHyperparameters(whitened: Float64Array): Hyperparameters {
  const values = whitened.map((z, position) => {
    const { median, spread } = priorAt(position);
    return median * Math.exp(spread * z);
  });
  const scalars = Object.fromEntries(
    scalarNames.map((name, position) => [name, at(values, position)]),
  ) as Record<ScalarName, number>;
  return { ...scalars, knobs: values.slice(scalarNames.length) };
}

/** The inverse of {@link toHyperparameters}. */
export function toWhitened(parameters: Hyperparameters): Float64Array {
  const scalars = scalarNames.map((name) => parameters[name]);
  return Float64Array.of(...scalars, ...parameters.knobs).map((value, position) => {
    const { median, spread } = priorAt(position);
    return Math.log(value / median) / spread;
  });
}

/** Turns a gradient by the logs of the hyperparameters into one by whitened coordinates. */
export function whitenGradient(gradient: Hyperparameters): Float64Array {
  const scalars = scalarNames.map((name, position) => gradient[name] * priorAt(position).spread);
  return Float64Array.of(...scalars, ...gradient.knobs.map((g) => g * knobPrior.spread));
}

function priorAt(position: number): Prior {
  const name = scalarNames[position];
  return name === undefined ? knobPrior : priors[name];
}
