import type { LogEstimate } from "./log-estimate.ts";

/**
 * By how much logarithms change from the first time to the last on their line of least squares, with the standard
 * error of its slope over that span (Draper and Smith, Applied Regression Analysis, 1.4). Null for fewer than three
 * values or where all are of one time.
 */
export function logTrend(
  values: readonly { readonly atMs: number; readonly log: number }[],
): LogEstimate | null {
  const n = values.length;
  if (n < 3) return null;
  // Clocks count from 1970: around their mean, squares keep their digits.
  const meanAt = values.reduce((sum, { atMs }) => sum + atMs, 0) / n;
  const meanLog = values.reduce((sum, { log }) => sum + log, 0) / n;
  let [first, last, times, products] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (const { atMs, log } of values) {
    first = Math.min(first, atMs);
    last = Math.max(last, atMs);
    times += (atMs - meanAt) ** 2;
    products += (atMs - meanAt) * (log - meanLog);
  }
  if (times === 0) return null;
  const slope = products / times;
  const misses = values.reduce(
    (sum, { atMs, log }) => sum + (log - meanLog - slope * (atMs - meanAt)) ** 2,
    0,
  );
  const span = last - first;
  return { mean: slope * span, se: span * Math.sqrt(misses / (n - 2) / times), df: n - 2, n };
}
