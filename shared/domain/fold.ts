import { unreachable } from "./errors.ts";
import type {
  CancelledEvent,
  LogEvent,
  PlannedEvent,
  SealedEvent,
  SubmittedEvent,
} from "./log-event.ts";
import { foldShard, type IgnoredReason, planShard, type Shard, type ShardEvent } from "./shard.ts";

/**
 * A sweep's life, folded from the log.
 *
 *     planning ──submitted──▶ open ──sealed──▶ sealed
 *         │                    │
 *         ╰─────cancelled──────┴──▶ cancelled
 *
 * Invariants, each the name of a test in fold.test.ts:
 * - A shard is work only once its sweep is submitted with all its shards.
 * - A sealed sweep has every planned cell terminal.
 * - A cancelled or sealed sweep never changes; results that still come are orphans.
 * - Any two readers of one prefix derive the same state.
 */
export interface Sweep {
  readonly sweepId: string;
  readonly phase: "planning" | "open" | "cancelled" | "sealed";
  readonly submitted: SubmittedEvent | null;
  readonly cancelReason: string | null;
  readonly shards: ReadonlyMap<string, Shard>;
  readonly closedShards: number;
  readonly orphans: number;
}

export type SweepIgnoredReason =
  | IgnoredReason
  | "unknown-sweep"
  | "unknown-shard"
  | "already-planned"
  | "already-submitted"
  | "shards-missing"
  | "shards-open"
  | "sweep-not-open";

/** What one entry did: the accepted change, or why it changed nothing. */
export interface Change {
  readonly event: LogEvent;
  readonly ignored: SweepIgnoredReason | null;
}

/**
 * Everything that the log says, indexed for the dispatcher. A reader owns its state: {@link applyEvent}
 * changes it in place, for a copy per entry would cost a sweep's size each time.
 */
export interface LogState {
  readonly sweeps: Map<string, MutableSweep>;
}

type MutableSweep = {
  -readonly [Field in keyof Sweep]: Sweep[Field] extends ReadonlyMap<infer Key, infer Value>
    ? Map<Key, Value>
    : Sweep[Field];
};

export function emptyLogState(): LogState {
  return { sweeps: new Map() };
}

/** Applies the next event of the log; a pure function of the prefix, whoever reads it. */
export function applyEvent(state: LogState, event: LogEvent): Change {
  return { event, ignored: apply(state, event) };
}

function apply(state: LogState, event: LogEvent): SweepIgnoredReason | null {
  switch (event.type) {
    case "planned":
      return applyPlanned(state, event);
    case "submitted":
      return applySubmitted(state, event);
    case "cancelled":
      return applyCancelled(state, event);
    case "sealed":
      return applySealed(state, event);
    case "grant":
    case "revoke":
    case "result":
    case "closed":
      return applyToShard(state, event);
    default:
      return unreachable(event);
  }
}

function applyPlanned(state: LogState, event: PlannedEvent): SweepIgnoredReason | null {
  const sweep = state.sweeps.get(event.sweepId) ?? newSweep(event.sweepId);
  if (sweep.phase !== "planning") return "already-submitted";
  if (sweep.shards.has(event.shardId)) return "already-planned";
  sweep.shards.set(event.shardId, planShard(event));
  state.sweeps.set(event.sweepId, sweep);
  return null;
}

function applySubmitted(state: LogState, event: SubmittedEvent): SweepIgnoredReason | null {
  const sweep = state.sweeps.get(event.sweepId);
  if (sweep === undefined) return "unknown-sweep";
  if (sweep.phase !== "planning") return "already-submitted";
  if (sweep.shards.size !== event.shardCount) return "shards-missing";
  sweep.phase = "open";
  sweep.submitted = event;
  return null;
}

function applyCancelled(state: LogState, event: CancelledEvent): SweepIgnoredReason | null {
  const sweep = state.sweeps.get(event.sweepId);
  if (sweep === undefined) return "unknown-sweep";
  if (sweep.phase !== "open" && sweep.phase !== "planning") return "sweep-not-open";
  sweep.phase = "cancelled";
  sweep.cancelReason = event.reason;
  return null;
}

function applySealed(state: LogState, event: SealedEvent): SweepIgnoredReason | null {
  const sweep = state.sweeps.get(event.sweepId);
  if (sweep === undefined) return "unknown-sweep";
  if (sweep.phase !== "open") return "sweep-not-open";
  if (sweep.closedShards < sweep.shards.size) return "shards-open";
  sweep.phase = "sealed";
  return null;
}

function applyToShard(state: LogState, event: ShardEvent): SweepIgnoredReason | null {
  const sweep = state.sweeps.get(event.sweepId);
  if (sweep === undefined) return "unknown-sweep";
  const ignored = stepShard(sweep, event);
  if (ignored !== null && event.type === "result") sweep.orphans += 1;
  return ignored;
}

function stepShard(sweep: MutableSweep, event: ShardEvent): SweepIgnoredReason | null {
  if (sweep.phase !== "open") return "sweep-not-open";
  const shard = sweep.shards.get(event.shardId);
  if (shard === undefined) return "unknown-shard";
  const step = foldShard(shard, event);
  if (step.ignored !== null) return step.ignored;
  sweep.shards.set(event.shardId, step.shard);
  if (step.shard.state === "closed") sweep.closedShards += 1;
  return null;
}

function newSweep(sweepId: string): MutableSweep {
  return {
    sweepId,
    phase: "planning",
    submitted: null,
    cancelReason: null,
    shards: new Map(),
    closedShards: 0,
    orphans: 0,
  };
}
