import type { CoreFeatures } from "./core-features.ts";
import { CorePair } from "./core-pair.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import { at } from "./linear-algebra.ts";
import { matern52, matern52Slope } from "./matern.ts";

/** The parts of the covariance that depend on two core counts, `rows × columns`, row by row. */
export interface CoreCovariance {
  /** Shared by all knob settings. */
  readonly base: Float64Array;
  /** Multiplies the knobs' effects: how alike a knob acts at the two counts. */
  readonly knobFactor: Float64Array;
  /** The smooth curve's correlation. */
  readonly curve: Float64Array;
}

/** Of the level at the largest count around the mean of the observations: e^±2 covers it, in log². */
const levelVariance = 1;

/** Of the straight line from the smallest to the largest count, which ideal scaling makes ln(largest). */
const slopeVariance = 9;

export function emptyCoreCovariance(size: number): CoreCovariance {
  return {
    base: new Float64Array(size),
    knobFactor: new Float64Array(size),
    curve: new Float64Array(size),
  };
}

/** Between the core counts at the positions `rows` and `columns`. */
export function coreCovariance(
  features: CoreFeatures,
  p: Hyperparameters,
  rows: Int32Array,
  columns: Int32Array,
): CoreCovariance {
  const covariance = emptyCoreCovariance(rows.length * columns.length);
  const pair = new CorePair(features);
  let place = 0;
  for (const row of rows) {
    for (const column of columns) {
      pair.move(row, column);
      const shape = matern52(pair.curveDistance(p));
      covariance.curve[place] = shape;
      covariance.base[place] =
        levelVariance +
        slopeVariance * pair.slope +
        p.curve ** 2 * shape +
        p.crossing ** 2 * pair.crossing +
        p.cluster ** 2 * pair.cluster +
        p.tiles ** 2 * pair.tiles +
        (row === column ? p.coreEffect ** 2 : 0);
      covariance.knobFactor[place] =
        1 +
        p.knobByCores ** 2 * matern52(pair.knobDistance(p)) +
        p.knobByCrossing ** 2 * pair.crossing;
      place += 1;
    }
  }
  return covariance;
}

/** Derivatives by the logs of the hyperparameters that {@link coreCovariance} uses. */
export type CoreGradient = Pick<
  Hyperparameters,
  | "curve"
  | "curveLogLength"
  | "curveLinearLength"
  | "crossing"
  | "cluster"
  | "tiles"
  | "coreEffect"
  | "knobByCores"
  | "knobByCoresLength"
  | "knobByCrossing"
>;

/**
 * The chain rule backwards: `upstream` holds the derivatives of a scalar by the entries of the
 * covariance between `counts` and themselves.
 */
export function coreGradient(
  features: CoreFeatures,
  p: Hyperparameters,
  counts: Int32Array,
  upstream: CoreCovariance,
): CoreGradient {
  // Derivatives by the variances and by minus half the logs of the lengths, scaled at the end.
  const sum = { curve: 0, log: 0, linear: 0, crossing: 0, cluster: 0, tiles: 0, core: 0 };
  const knob = { cores: 0, length: 0, crossing: 0 };
  const pair = new CorePair(features);
  let place = 0;
  for (const row of counts) {
    for (const column of counts) {
      pair.move(row, column);
      const base = at(upstream.base, place);
      const distance = pair.curveDistance(p);
      const slope = (base * p.curve ** 2 + at(upstream.curve, place)) * matern52Slope(distance);
      sum.curve += base * matern52(distance);
      sum.log += slope * pair.logSquared;
      sum.linear += slope * pair.linearSquared;
      sum.crossing += base * pair.crossing;
      sum.cluster += base * pair.cluster;
      sum.tiles += base * pair.tiles;
      if (row === column) sum.core += base;
      const byKnob = at(upstream.knobFactor, place);
      const knobDistance = pair.knobDistance(p);
      knob.cores += byKnob * matern52(knobDistance);
      knob.length += byKnob * matern52Slope(knobDistance) * knobDistance;
      knob.crossing += byKnob * pair.crossing;
      place += 1;
    }
  }
  return {
    curve: 2 * p.curve ** 2 * sum.curve,
    curveLogLength: (-2 * sum.log) / p.curveLogLength ** 2,
    curveLinearLength: (-2 * sum.linear) / p.curveLinearLength ** 2,
    crossing: 2 * p.crossing ** 2 * sum.crossing,
    cluster: 2 * p.cluster ** 2 * sum.cluster,
    tiles: 2 * p.tiles ** 2 * sum.tiles,
    coreEffect: 2 * p.coreEffect ** 2 * sum.core,
    knobByCores: 2 * p.knobByCores ** 2 * knob.cores,
    knobByCoresLength: -2 * p.knobByCores ** 2 * knob.length,
    knobByCrossing: 2 * p.knobByCrossing ** 2 * knob.crossing,
  };
}
