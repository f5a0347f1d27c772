import type { Factor } from "./encoded-space.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import { at } from "./linear-algebra.ts";

/** The parts of the covariance that depend on two knob settings, `rows × columns`, row by row. */
export interface KnobCovariance {
  /** Sum of the knobs' own effects. */
  readonly effects: Float64Array;
  /** Interactions of two knobs. */
  readonly pairs: Float64Array;
  /** exp(−number of knobs that differ): the Hamming kernel. */
  readonly joint: Float64Array;
}

/** `rows` and `columns` are positions in the space's list of knob settings. */
export function knobCovariance(
  factors: readonly Factor[],
  parameters: Hyperparameters,
  rows: Int32Array,
  columns: Int32Array,
): KnobCovariance {
  const size = rows.length * columns.length;
  const effects = new Float64Array(size);
  const pairs = new Float64Array(size);
  const joint = new Float64Array(size);
  let place = 0;
  for (const row of rows) {
    for (const column of columns) {
      let [variance, sum, squares, differing] = [0, 0, 0, 0];
      factors.forEach((factor, position) => {
        const sd = at(parameters.knobs, position);
        const alike = similarity(factor, row, column);
        variance += sd * sd * alike;
        sum += sd * alike;
        squares += (sd * alike) ** 2;
        differing += 1 - alike;
      });
      effects[place] = variance;
      // Σ over pairs of sd·sd·alike·alike, by the square of the sum.
      pairs[place] = (sum * sum - squares) / 2;
      joint[place] = Math.exp(-differing);
      place += 1;
    }
  }
  return { effects, pairs, joint };
}

/** Gradient by the logs of the knobs' sds; `upstream` as in the cores' gradient. */
export function knobGradient(
  factors: readonly Factor[],
  parameters: Hyperparameters,
  settings: Int32Array,
  upstream: Pick<KnobCovariance, "effects" | "pairs">,
): Float64Array {
  const gradient = new Float64Array(factors.length);
  const weighted = new Float64Array(factors.length);
  let place = 0;
  for (const row of settings) {
    for (const column of settings) {
      let sum = 0;
      factors.forEach((factor, position) => {
        weighted[position] = at(parameters.knobs, position) * similarity(factor, row, column);
        sum += at(weighted, position);
      });
      for (let position = 0; position < factors.length; position += 1) {
        const own = at(weighted, position);
        const byEffect = 2 * at(upstream.effects, place) * own * at(parameters.knobs, position);
        const byPairs = at(upstream.pairs, place) * own * (sum - own);
        gradient[position] = at(gradient, position) + byEffect + byPairs;
      }
      place += 1;
    }
  }
  return gradient;
}

/** Inert at both settings is alike; inert at one of them is not. */
function similarity(factor: Factor, a: number, b: number): number {
  const [levelA, levelB] = [factor.levelOf[a] ?? -1, factor.levelOf[b] ?? -1];
  if (levelA < 0 || levelB < 0) return levelA === levelB ? 1 : 0;
  return at(factor.similarity, levelA * factor.values.length + levelB);
}
