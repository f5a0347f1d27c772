import type { CoreCovariance } from "./core-covariance.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import type { KnobCovariance } from "./knob-covariance.ts";
import { at } from "./linear-algebra.ts";

/** The covariance of configurations, kept apart as what depends on cores and what on knobs. */
export interface CovarianceParts {
  readonly cores: CoreCovariance;
  readonly knobs: KnobCovariance;
}

/**
 * Prior covariance of the log values of two configurations, without what is a configuration's own;
 * `core` and `knob` are places in the parts.
 *
 *     level + slope + curve + crossings + clusters + tiles + core effect          of the two counts
 *     + Σ over knobs of effect · (1 + smooth change with cores + change at crossings)
 *     + interactions of two knobs + one joint term
 */
export function combine(
  p: Hyperparameters,
  { cores, knobs }: CovarianceParts,
  core: number,
  knob: number,
): number {
  return (
    at(cores.base, core) +
    at(knobs.effects, knob) * at(cores.knobFactor, core) +
    p.knobPairs ** 2 * at(knobs.pairs, knob) +
    p.joint ** 2 * at(knobs.joint, knob) * at(cores.curve, core)
  );
}
