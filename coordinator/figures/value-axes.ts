import type { ValueAxis } from "./figure-spec.ts";

/** Ratios and times over decades; `shared` as in {@link ValueAxis}. */
export function logAxis(label: string, options: Partial<ValueAxis> = {}): ValueAxis {
  return { label, scale: "log", ticks: null, fromZero: false, ...options };
}

/** Amounts, from 0 so that lengths can be compared. */
export function amountAxis(label: string, options: Partial<ValueAxis> = {}): ValueAxis {
  return { label, scale: "linear", ticks: null, fromZero: true, ...options };
}
