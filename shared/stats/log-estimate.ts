import { chosenFactor } from "./interval.ts";
import { studentTCdf, studentTQuantile } from "./student-t.ts";

/**
 * An estimate on the scale of natural logarithms, where errors of times and rates are relative. `se` is null
 * where one value allows no interval.
 */
export interface LogEstimate {
  readonly mean: number;
  readonly se: number | null;
  /** Degrees of freedom of Student's t; 0 where `se` is null. */
  readonly df: number;
  /** Launches, pairs of launches or hosts. */
  readonly n: number;
}

/** Values by the number of their launch: launches of one number ran next to each other. */
export interface ByLaunch extends ReadonlyMap<number, number> {
  /** Whether how many there are followed from the values, see `isChosen`. */
  readonly chosen?: boolean;
}

export function byLaunch(
  entries: Iterable<readonly [launch: number, value: number]>,
  chosen: boolean,
): ByLaunch {
  return Object.assign(new Map(entries), { chosen });
}

/** Mean of the logarithms of one cell's launches, with the error that stopping early makes. */
export function launchMean(values: ByLaunch): LogEstimate | null {
  return widen(logMean([...values.values()]), values.chosen === true);
}

/** Tests and intervals alike take the larger error of a number of launches that was chosen. */
function widen(estimate: LogEstimate | null, chosen: boolean): LogEstimate | null {
  if (!chosen || estimate === null || estimate.se === null) return estimate;
  return { ...estimate, se: chosenFactor * estimate.se };
}

/** Mean of the logarithms of positive values; null for none. @throws RangeError on a value that is not positive. */
export function logMean(values: readonly number[]): LogEstimate | null {
  return meanOf(values.map(toLog));
}

function toLog(value: number): number {
  if (value > 0) return Math.log(value);
  throw new RangeError(`a logarithm of ${value}`);
}

/** Mean with standard error of values that are on the scale of logarithms already; null for none. */
export function meanOf(logs: readonly number[]): LogEstimate | null {
  const n = logs.length;
  if (n === 0) return null;
  let sum = 0;
  for (const value of logs) sum += value;
  const mean = sum / n;
  if (n === 1) return { mean, se: null, df: 0, n };
  let squares = 0;
  for (const value of logs) squares += (value - mean) ** 2;
  return { mean, se: Math.sqrt(squares / (n - 1) / n), df: n - 1, n };
}

/**
 * Logarithm of the ratio a/b over launches of the same number: what both launches of a pair share, such
 * as a drift of the host, falls out. Where fewer than two pairs exist but both sides have launches, the
 * two means are compared as Welch (1947) does. Null where a side is empty.
 */
export function logRatio(a: ByLaunch, b: ByLaunch): LogEstimate | null {
  const pairs: number[] = [];
  for (const [launch, value] of a) {
    const other = b.get(launch);
    if (other !== undefined) pairs.push(toLog(value / other));
  }
  if (pairs.length >= 2) return widen(meanOf(pairs), a.chosen === true || b.chosen === true);
  const [left, right] = [launchMean(a), launchMean(b)];
  if (left === null || right === null) return null;
  if (left.se === null || right.se === null) {
    return pairs.length === 1
      ? meanOf(pairs)
      : { mean: left.mean - right.mean, se: null, df: 0, n: 1 };
  }
  return difference(left, right);
}

/** a − b of independent estimates with Welch's degrees of freedom; both must have a standard error. */
export function difference(a: LogEstimate, b: LogEstimate): LogEstimate {
  const mean = a.mean - b.mean;
  const n = Math.min(a.n, b.n);
  if (a.se === null || b.se === null) return { mean, se: null, df: 0, n };
  const [va, vb] = [a.se ** 2, b.se ** 2];
  const denominator = va ** 2 / a.df + vb ** 2 / b.df;
  const df = denominator === 0 ? a.df + b.df : (va + vb) ** 2 / denominator;
  return { mean, se: Math.sqrt(va + vb), df, n };
}

/** Bounds of the two-sided interval; null where there is none. */
export function bounds(
  estimate: LogEstimate,
  coverage = 0.95,
): { readonly low: number; readonly high: number } | null {
  if (estimate.se === null) return null;
  const reach = studentTQuantile((1 + coverage) / 2, estimate.df) * estimate.se;
  return { low: estimate.mean - reach, high: estimate.mean + reach };
}

/** Two-sided p of the estimate against `center`; null where there is no standard error. */
export function twoSidedP(estimate: LogEstimate, center = 0): number | null {
  if (estimate.se === null) return null;
  const distance = Math.abs(estimate.mean - center);
  if (estimate.se === 0) return distance === 0 ? 1 : 0;
  return Math.min(1, 2 * studentTCdf(-distance / estimate.se, estimate.df));
}
