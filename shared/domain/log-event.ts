import type { Cell } from "./cell.ts";
import type { Method } from "./method.ts";
import type { LaunchResult } from "./result.ts";
import type { ScheduleEvent } from "./schedule-event.ts";
import type { TunePlan } from "./tune.ts";

/** A cell with its id, as planned for one shard. */
export interface PlannedCell {
  readonly cellId: string;
  readonly cell: Cell;
}

/** Everything that can stand in the log, by its subject `fs.log.<sweep>.<shard>.<type>`. */
export type LogEvent =
  | PlannedEvent
  | CandidatesEvent
  | GrantEvent
  | RevokeEvent
  | MovedEvent
  | ResultEvent
  | QuarantinedEvent
  | AbandonedEvent
  | ClosedEvent
  | SubmittedEvent
  | CancelledEvent
  | TunedEvent
  | SealedEvent
  | FleetEvent;

/** Events of no sweep: they stand under the sweep {@link fleetSweep}. */
export type FleetEvent = CordonedEvent | UncordonedEvent | RollbackEvent | ScheduleEvent;

/** A shard exists; it becomes work once its sweep's `submitted` stands in the log. */
export interface PlannedEvent {
  readonly type: "planned";
  readonly sweepId: string;
  readonly shardId: string;
  /** The host that this shard measures: with `replicate` the host is a factor of the matrix. */
  readonly hostId: string;
  /** Other hosts of the class that may take the shard over; none where the host is a factor. */
  readonly movableTo: readonly string[];
  readonly cells: readonly PlannedCell[];
  /** Where several coordinators may plan the sweep: whose plan it is part of. */
  readonly planId?: string | undefined;
}

/** Configurations that a tune chooses from; its trials are planned from them while it runs. */
export interface CandidatesEvent {
  readonly type: "candidates";
  readonly sweepId: string;
  readonly shardId: string;
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

/**
 * An open shard belongs to another host. Cells that are not terminal begin anew there: the launches of two
 * hosts never make one figure.
 */
export interface MovedEvent {
  readonly type: "moved";
  readonly sweepId: string;
  readonly shardId: string;
  readonly fromHostId: string;
  readonly hostId: string;
  /** The shard's last grant, as in a grant. */
  readonly prev: string | null;
  readonly reason: string;
}

/** A cell that failed on two hosts and passed on none is launched nowhere any more. */
export interface QuarantinedEvent {
  readonly type: "quarantined";
  readonly sweepId: string;
  readonly shardId: string;
  readonly cellId: string;
  readonly reason: string;
}

/** The host is given up: the shard's cells that are not terminal are failed, with the reason as evidence. */
export interface AbandonedEvent {
  readonly type: "abandoned";
  readonly sweepId: string;
  readonly shardId: string;
  /** The host that the shard belonged to when it was given up: a shard that moved meanwhile stays. */
  readonly hostId: string;
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
  /** Null for a sweep whose shards are all planned before it is submitted. */
  readonly tune: TunePlan | null;
  /** The plan that is submitted, where its shards name one. */
  readonly planId?: string | undefined;
}

/** A tune plans no more trials: it ends with those that it has. */
export interface TunedEvent {
  readonly type: "tuned";
  readonly sweepId: string;
  readonly reason: string;
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

/** The host gets no new grant; with `drain` it also hands back what it has after its current launch. */
export interface CordonedEvent {
  readonly type: "cordoned";
  readonly sweepId: typeof fleetSweep;
  readonly hostId: string;
  readonly mode: CordonMode;
  /** A coordinator's is accepted only where the log blames the host. */
  readonly by: "operator" | "coordinator";
  readonly reason: string;
}

export type CordonMode = "cordon" | "drain";

/** The host gets grants again, and what it was blamed for is forgotten. */
export interface UncordonedEvent {
  readonly type: "uncordoned";
  readonly sweepId: typeof fleetSweep;
  readonly hostId: string;
  readonly reason: string;
}

/** The log lost entries, or was made anew: agents publish again what they still keep. */
export interface RollbackEvent {
  readonly type: "rollback";
  readonly sweepId: typeof fleetSweep;
  readonly rollbackId: string;
  /** What a coordinator had read of the log before, and what it found. */
  readonly reason: string;
}

/** The shard token of a sweep's own events. */
export const sweepShard = "_";

/** The sweep token of events that are the fleet's; no sweep may have it. */
export const fleetSweep = "_";
