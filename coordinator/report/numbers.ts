import { extent } from "../../shared/stats/extent.ts";
/** Shown instead of a figure that does not exist; never an empty place and never 0. */
export const absent = "–";

/** `digits` significant digits, never as an exponent: `0.01234`, `1.234`, `1234`, `123500`. */
export function significant(value: number, digits: number): string {
  if (!Number.isFinite(value)) return absent;
  if (value === 0) return "0";
  const rounded = Number(value.toPrecision(digits));
  const decimals = digits - 1 - Math.floor(Math.log10(Math.abs(rounded)));
  return rounded.toFixed(Math.min(Math.max(decimals, 0), 20));
}

/** A share as percent with two significant digits: 0.0213 is `2.1`. */
export function percent(share: number): string {
  return significant(100 * share, 2);
}

export interface TimeUnit {
  readonly name: "ns" | "µs" | "ms" | "s";
  readonly ns: number;
}

const timeUnits: readonly TimeUnit[] = [
  { name: "s", ns: 1e9 },
  { name: "ms", ns: 1e6 },
  { name: "µs", ns: 1e3 },
  { name: "ns", ns: 1 },
];

/** The largest unit in which the shortest of the times is at least 1: one for a whole column. */
export function chooseTimeUnit(timesNs: readonly number[]): TimeUnit {
  const [shortest] = extent(timesNs);
  return timeUnits.find((unit) => shortest >= unit.ns) ?? { name: "ns", ns: 1 };
}
