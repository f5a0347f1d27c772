import type { PlannedCell } from "./log-event.ts";
import type { Method } from "./method.ts";

/** An accepted grant as an agent receives it: the cells of one shard and what already counts. */
export interface Assignment {
  readonly grantId: string;
  readonly sweepId: string;
  readonly shardId: string;
  readonly method: Method;
  readonly cells: readonly PlannedCell[];
  readonly counted: readonly AssignedLaunch[];
}

/** A launch that already counts, of this grant or an earlier one. */
export interface AssignedLaunch {
  readonly cellId: string;
  readonly launch: number;
  /** Null for a launch that failed. */
  readonly medianNs: number | null;
  /** Measured, but void: another one may take its place. */
  readonly invalid: boolean;
  /** The cell needs no more launches. */
  readonly terminal: boolean;
}
