import { studentTQuantile } from "./student-t.ts";

/** A cell's value over its launches, with the interval that covers the truth in 95 % of cells. */
export interface LogInterval {
  /** Geometric mean. */
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  /** t · s/√n of the logarithms: the relative half-width of the interval, near enough when small. */
  readonly halfWidth: number;
  /** Standard deviation of the logarithms: the relative scatter of launches. */
  readonly logSd: number;
  readonly launches: number;
}

const coverage = 0.95;

/**
 * Geometric mean of launch medians with Student's t on their logarithms. The launch is the unit:
 * intervals over pooled calls cover the truth in about a third of cells. Null for fewer than two
 * launches, for one launch says nothing of the next.
 * @throws RangeError on a median that is not positive.
 */
export function logInterval(launchMedians: readonly number[]): LogInterval | null {
  const bad = launchMedians.find((median) => !(median > 0));
  if (bad !== undefined) throw new RangeError(`a launch median of ${bad}`);
  const n = launchMedians.length;
  if (n < 2) return null;
  const logs = launchMedians.map(Math.log);
  const mean = logs.reduce((sum, value) => sum + value, 0) / n;
  const squares = logs.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const logSd = Math.sqrt(squares / (n - 1));
  const halfWidth = (studentTQuantile((1 + coverage) / 2, n - 1) * logSd) / Math.sqrt(n);
  return {
    estimate: Math.exp(mean),
    low: Math.exp(mean - halfWidth),
    high: Math.exp(mean + halfWidth),
    halfWidth,
    logSd,
    launches: n,
  };
}
