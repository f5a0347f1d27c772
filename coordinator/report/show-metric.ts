import type { Metric } from "../analysis/metric.ts";
import { chooseTimeUnit, significant } from "./numbers.ts";

/** A metric in words: `3.2 ms (3.1–3.4)`, `1.42× (1.3–1.5)`, or why there is none. */
export function showFigure(metric: Metric): string {
  if (metric.value === null) return `none: ${metric.reason}`;
  const { value, low, high, unit } = metric;
  const time = chooseTimeUnit([value > 0 ? value : 1]);
  const scale = unit === "ns" ? time.ns : unit === "share" ? 0.01 : 1;
  const suffix = unit === "ns" ? ` ${time.name}` : unit === "share" ? " %" : suffixes[unit];
  const digits = (number: number): string => significant(number / scale, 3);
  const interval =
    low === null || high === null ? " (no interval)" : ` (${digits(low)}–${digits(high)})`;
  return `${digits(value)}${suffix}${interval}`;
}

const suffixes = { "samples/s": "/s", ratio: "×", cores: " cores", bytes: " bytes" } as const;
