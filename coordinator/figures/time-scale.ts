import type { Figure } from "../analysis/report.ts";
import { chooseTimeUnit, type TimeUnit } from "../report/numbers.ts";
import type { Value } from "./figure-spec.ts";

/** The unit for times that stand on one axis; null where none is a time. */
export function timeUnitOf(timesNs: Iterable<number>): TimeUnit {
  let shortest = Number.POSITIVE_INFINITY;
  for (const time of timesNs) {
    if (Number.isFinite(time) && time > 0 && time < shortest) shortest = time;
  }
  return chooseTimeUnit([shortest === Number.POSITIVE_INFINITY ? 1 : shortest]);
}

/** Launches in the order of time. */
export const minutesAxis = {
  label: "minutes since the first launch ended",
  scale: "linear",
  ticks: null,
  fromZero: true,
} as const;

/** A figure divided by a unit; bounds that do not exist stay null. */
export function scaleFigure({ value, low, high }: Figure, by: number): Value {
  return {
    value: value / by,
    low: low === null ? null : low / by,
    high: high === null ? null : high / by,
  };
}

/** Ascending numbers, each once. */
export function distinct(values: Iterable<number>): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}
