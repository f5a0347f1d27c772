import { quantileOfSorted, toSorted } from "./quantile.ts";

/** Bounds of the two-window test, as fractions of the second window's figures. */
export interface SteadyLimits {
  /** Calls of each of the two windows. */
  readonly windowCalls: number;
  /** Multiplies every tolerance: long calls afford few per window. */
  readonly toleranceFactor: number;
}

const millisecond = 1e6;

/** A window covers this long, so that a host's frequency has time to settle. */
const windowNs = 100 * millisecond;
const windowCalls = { min: 20, max: 200 } as const;

/** Calls over a second get windows of 5 and twice the tolerance, or a warm-up would take minutes. */
const longCallNs = 1_000 * millisecond;
const longCall: SteadyLimits = { windowCalls: 5, toleranceFactor: 2 };

/** Chooses the windows for calls of about this duration. */
export function steadyLimits(callNs: number): SteadyLimits {
  if (callNs > longCallNs) return longCall;
  const calls = Math.ceil(windowNs / Math.max(callNs, 1));
  const bounded = Math.min(windowCalls.max, Math.max(windowCalls.min, calls));
  return { windowCalls: bounded, toleranceFactor: 1 };
}

/**
 * Are the last two windows of these durations alike? The test by which pyperf calibrates its
 * warm-ups: the mean falls by at most 50 % or rises by at most 10 %, quartiles differ by at most 5 %,
 * the MAD by at most 10 %, and the first value is no severe outlier of its window. The MAD is also
 * alike where it differs by under 1 % of the median, for it may be zero.
 */
export function isSteady(durations: readonly number[], limits: SteadyLimits): boolean {
  const n = limits.windowCalls;
  if (durations.length < 2 * n) return false;
  const first = durations.slice(-2 * n, -n);
  const earlier = describe(first);
  const later = describe(durations.slice(-n));
  const within = (a: number, b: number, tolerance: number): boolean =>
    Math.abs(a - b) <= tolerance * limits.toleranceFactor * b;
  const change = (earlier.mean - later.mean) / later.mean;
  const iqr = earlier.q3 - earlier.q1;
  return (
    (first[0] ?? 0) <= earlier.q3 + 1.5 * iqr &&
    change >= -0.5 &&
    change <= 0.1 * limits.toleranceFactor &&
    within(earlier.q1, later.q1, 0.05) &&
    within(earlier.q3, later.q3, 0.05) &&
    (within(earlier.mad, later.mad, 0.1) ||
      Math.abs(earlier.mad - later.mad) <= 0.01 * later.median)
  );
}

function describe(window: readonly number[]) {
  const sorted = toSorted(window);
  const center = quantileOfSorted(sorted, 0.5);
  const deviations = sorted.map((value) => Math.abs(value - center)).sort();
  return {
    mean: sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
    median: center,
    q1: quantileOfSorted(sorted, 0.25),
    q3: quantileOfSorted(sorted, 0.75),
    mad: quantileOfSorted(deviations, 0.5),
  };
}
