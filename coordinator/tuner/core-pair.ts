import type { CoreFeatures } from "./core-features.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import { at } from "./linear-algebra.ts";

/**
 * What two core counts have in common before any amplitude comes in. One object is moved from pair to
 * pair, for a suggestion looks at tens of thousands of pairs.
 */
export class CorePair {
  slope = 0;
  crossing = 0;
  cluster = 0;
  tiles = 0;
  logSquared = 0;
  linearSquared = 0;
  private readonly features: CoreFeatures;

  constructor(features: CoreFeatures) {
    this.features = features;
  }

  /** Positions of two core counts. */
  move(a: number, b: number): void {
    const { log, linear, crossings, overflow, halves, quarters, tiles } = this.features;
    this.logSquared = (at(log, a) - at(log, b)) ** 2;
    this.linearSquared = (at(linear, a) - at(linear, b)) ** 2;
    // Pivoted at the largest count, so that the slope does not widen the level there.
    this.slope = (1 - at(log, a)) * (1 - at(log, b));
    this.crossing = at(crossings, a) * at(crossings, b) + at(overflow, a) * at(overflow, b);
    // A quarter has half the penalty of a half a priori, so a fourth of its variance.
    this.cluster = at(halves, a) * at(halves, b) + (at(quarters, a) * at(quarters, b)) / 4;
    this.tiles = at(tiles, a * log.length + b);
  }

  /** Squared distance on the smooth curve, in length scales. */
  curveDistance({ curveLogLength, curveLinearLength }: Hyperparameters): number {
    return this.logSquared / curveLogLength ** 2 + this.linearSquared / curveLinearLength ** 2;
  }

  /** The same for how a knob's effect changes with cores. */
  knobDistance({ knobByCoresLength }: Hyperparameters): number {
    return this.logSquared / knobByCoresLength ** 2;
  }
}
