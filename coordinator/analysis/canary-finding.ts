import type { Cell } from "../../shared/domain/cell.ts";
import type { Metric } from "./metric.ts";

/** One canary on one host, over all of its visits: how the host was from the beginning of the sweep to its end. */
export interface CanaryFinding {
  readonly hostId: string;
  /** What every visit measures. */
  readonly cell: Cell;
  /** It in a few words, which no other canary of the host has. */
  readonly name: string;
  /** In the order of time; those of which no launch was measured are left out. */
  readonly visits: readonly CanaryVisit[];
  readonly plannedVisits: number;
  /** Time at the end over that at the beginning, on the straight line through the logarithms of all launches. */
  readonly drift: Metric;
  /** Stretches whose level is not the usual one, which is that of the longest. */
  readonly shifts: readonly CanaryShift[];
  readonly state: CanaryState;
  readonly reason: string;
}

/**
 * `steady`: the whole interval of the drift lies within ±2 %, and no stretch has another level. `drifted`: the drift
 * or a stretch is beyond that, with less than 0.01 % chance of it on a steady host.
 */
export type CanaryState = "steady" | "drifted" | "not-enough-data";

export interface CanaryVisit {
  readonly shardId: string;
  readonly cellId: string;
  readonly latencyNs: Metric;
  /** Launches that can be used, by the host's own clock. */
  readonly launches: readonly { readonly endedAtMs: number; readonly medianNs: number }[];
}

export interface CanaryShift {
  readonly fromMs: number;
  readonly toMs: number;
  readonly launches: number;
  /** Time in the stretch over the usual one. */
  readonly ratio: Metric;
}
