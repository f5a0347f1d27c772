import { toSorted } from "./quantile.ts";

/** Two clusters of values, split where the sum of squares within them is least. */
export interface TwoModes {
  readonly lowMean: number;
  readonly highMean: number;
  /** Share of the smaller cluster. */
  readonly minorShare: number;
  /** Ashman's D: distance of the means in units of the clusters' spread. */
  readonly separation: number;
}

/**
 * The best split of values into two clusters (Otsu's criterion) with Ashman's D (1994). Null for
 * fewer than four values or values that are all equal.
 */
export function splitInTwo(values: readonly number[]): TwoModes | null {
  const sorted = toSorted(values);
  const n = sorted.length;
  if (n < 4 || sorted[0] === sorted[n - 1]) return null;
  // Around the mean, or squares of large and close values would lose their difference.
  const center = sorted.reduce((sum, value) => sum + value, 0) / n;
  const total = sumsOf(sorted.map((value) => value - center));
  let best: { between: number; split: number; low: Sums } | null = null;
  let low: Sums = { count: 0, sum: 0, squares: 0 };
  for (let split = 1; split < n; split++) {
    low = addTo(low, (sorted[split - 1] ?? 0) - center);
    const high = without(total, low);
    const distance = low.sum / low.count - high.sum / high.count;
    const between = low.count * high.count * distance * distance;
    if (best === null || between > best.between) best = { between, split, low };
  }
  if (best === null) return null;
  return toModes(best.low, without(total, best.low), center);
}

/** Is this a mixture of two states rather than one with noise? */
export function isBimodal(values: readonly number[]): boolean {
  const modes = splitInTwo(values);
  if (modes === null) return false;
  // D of a uniform distribution is 3.5 and of a normal one 2.7: they have no gap, so the cut is 5.
  return (
    modes.separation > 5 &&
    modes.minorShare >= 0.1 &&
    (modes.highMean - modes.lowMean) / modes.lowMean > 0.02
  );
}

interface Sums {
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
}

function addTo({ count, sum, squares }: Sums, value: number): Sums {
  return { count: count + 1, sum: sum + value, squares: squares + value * value };
}

function sumsOf(values: Float64Array): Sums {
  return values.reduce<Sums>(addTo, { count: 0, sum: 0, squares: 0 });
}

function without(all: Sums, part: Sums): Sums {
  return {
    count: all.count - part.count,
    sum: all.sum - part.sum,
    squares: all.squares - part.squares,
  };
}

function toModes(low: Sums, high: Sums, center: number): TwoModes {
  const lowMean = low.sum / low.count;
  const highMean = high.sum / high.count;
  const variance = (part: Sums): number =>
    Math.max(0, part.squares / part.count - (part.sum / part.count) ** 2);
  const spread = Math.sqrt((variance(low) + variance(high)) / 2);
  return {
    lowMean: lowMean + center,
    highMean: highMean + center,
    minorShare: Math.min(low.count, high.count) / (low.count + high.count),
    separation: spread === 0 ? Number.POSITIVE_INFINITY : (highMean - lowMean) / spread,
  };
}
