import type { Cell } from "./cell.ts";
import type { Method } from "./method.ts";
import type { LaunchResult } from "./result.ts";

/** A cell with its id, as planned for one shard. */
export interface PlannedCell {
  readonly cellId: string;
  readonly cell: Cell;
}

/** Everything that can stand in the log, by its subject `fs.log.<sweep>.<shard>.<type>`. */
export type LogEvent =
  | PlannedEvent
  | GrantEvent
  | RevokeEvent
  | ResultEvent
  | ClosedEvent
  | SubmittedEvent
  | CancelledEvent
  | SealedEvent;

/** A shard exists; it becomes work once its sweep's `submitted` stands in the log. */
export interface PlannedEvent {
  readonly type: "planned";
  readonly sweepId: string;
  readonly shardId: string;
  /** The host that this shard measures: with `replicate` the host is a factor of the matrix. */
  readonly hostId: string;
  readonly cells: readonly PlannedCell[];
}

export interface GrantEvent {
  readonly type: "grant";
  readonly sweepId: string;
  readonly shardId: string;
  /** 128 random bits in hex. */
  readonly grantId: string;
  readonly hostId: string;
  /** The shard's last grant, or null for its first: a grant on an older view is ignored. */
  readonly prev: string | null;
}

export interface RevokeEvent {
  readonly type: "revoke";
  readonly sweepId: string;
  readonly shardId: string;
  readonly grantId: string;
  readonly reason: string;
}

export interface ResultEvent {
  readonly type: "result";
  readonly sweepId: string;
  readonly shardId: string;
  readonly result: LaunchResult;
}

export interface ClosedEvent {
  readonly type: "closed";
  readonly sweepId: string;
  readonly shardId: string;
}

/** The sweep's own events stand under the shard {@link sweepShard}. */
export interface SubmittedEvent {
  readonly type: "submitted";
  readonly sweepId: string;
  readonly name: string;
  readonly shardCount: number;
  readonly cellCount: number;
  readonly method: Method;
  /** The sweep file as the operator wrote it. */
  readonly source: string;
  readonly submittedAtMs: number;
}

export interface CancelledEvent {
  readonly type: "cancelled";
  readonly sweepId: string;
  readonly reason: string;
}

export interface SealedEvent {
  readonly type: "sealed";
  readonly sweepId: string;
}

/** The shard token of a sweep's own events. */
export const sweepShard = "_";
