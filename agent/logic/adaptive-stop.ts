import type { Method } from "../../shared/domain/method.ts";
import { logInterval } from "../../shared/stats/interval.ts";

/** One launch that already counts. */
export interface CountedLaunch {
  readonly cellId: string;
  /** From 1 within its cell. */
  readonly launch: number;
  /** Null for a launch that failed. */
  readonly medianNs: number | null;
  /** The cell needs no more. */
  readonly terminal: boolean;
}

/** A cell whose launches fail this often in a row is failed: once may be the host, twice is the cell. */
export const maxFailuresInARow = 2;

/**
 * Whether a cell with these launches, in their order, is done: `ok` when its interval is as narrow as
 * asked for or no more launches are allowed, `failed` after {@link maxFailuresInARow}, else null.
 */
export function terminalState(
  launches: readonly CountedLaunch[],
  method: Method,
): "ok" | "failed" | null {
  const recent = launches.slice(-maxFailuresInARow);
  if (recent.length === maxFailuresInARow && recent.every(({ medianNs }) => medianNs === null)) {
    return "failed";
  }
  if (launches.at(-1)?.medianNs === null) return null;
  const medians = launches.flatMap(({ medianNs }) => (medianNs === null ? [] : [medianNs]));
  if (medians.length === 0 || medians.length < method.minLaunches) return null;
  if (medians.length >= method.maxLaunches) return "ok";
  // On the wire 0 stands for "no target".
  if (method.targetHalfWidth === 0 || method.targetHalfWidth === Number.POSITIVE_INFINITY) {
    return "ok";
  }
  const interval = logInterval(medians);
  return interval !== null && interval.halfWidth <= method.targetHalfWidth ? "ok" : null;
}
