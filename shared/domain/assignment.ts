import type { PlannedCell } from "./log-event.ts";
import type { Method } from "./method.ts";
import type { LaunchGist } from "./result.ts";

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
export interface AssignedLaunch extends LaunchGist {
  readonly cellId: string;
  readonly launch: number;
  /** The cell needs no more launches. */
  readonly terminal: boolean;
}
