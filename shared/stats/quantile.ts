/**
 * Quantile of ascending numbers by linear interpolation between closest ranks: type 7 of Hyndman and
 * Fan (1996), the default of R and NumPy.
 * @throws Error on an empty list: the quantile of nothing has no value.
 */
export function quantileOfSorted(sorted: ArrayLike<number>, p: number): number {
  const h = (sorted.length - 1) * p;
  const low = Math.floor(h);
  const a = sorted[low];
  const b = sorted[Math.min(low + 1, sorted.length - 1)];
  if (a === undefined || b === undefined) throw new Error("quantile of an empty list");
  return a + (h - low) * (b - a);
}

/** Quantile of type 7; see {@link quantileOfSorted}. */
export function quantile(values: readonly number[], p: number): number {
  return quantileOfSorted(toSorted(values), p);
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Median of the absolute deviations from the median, not scaled to a standard deviation. */
export function medianAbsoluteDeviation(values: readonly number[]): number {
  const center = median(values);
  return median(values.map((value) => Math.abs(value - center)));
}

/** Ascending copy as doubles; a typed array sorts by value, in half the time. */
export function toSorted(values: readonly number[]): Float64Array {
  return Float64Array.from(values).sort();
}
