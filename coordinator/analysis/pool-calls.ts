import { quantile } from "../../shared/stats/quantile.ts";
import type { PooledCalls } from "./report-input.ts";

/** The calls of all launches and instances of a cell together; null where there are none. */
export function poolCalls(durationsNs: readonly (readonly number[])[]): PooledCalls | null {
  const all = durationsNs.flat();
  return all.length === 0 ? null : { count: all.length, p90Ns: quantile(all, 0.9) };
}
