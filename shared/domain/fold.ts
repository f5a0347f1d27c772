import { addTrial, type CellTrials, isCellBlamed, noTrials } from "./blame.ts";
import { unreachable } from "./errors.ts";
import { addToDraft, type Drafts, takeDraft } from "./fold-drafts.ts";
import { applyHostEvent, applySuspicion } from "./fold-hosts.ts";
import {
  applyScheduleEvent,
  isGivenUp,
  isScheduleEvent,
  type ScheduleIgnoredReason,
} from "./fold-schedules.ts";
import { applyCandidates, applyTuned, refuseLatePlan, type TuneFields } from "./fold-tune.ts";
import type { HostRecord } from "./host-record.ts";
import {
  type CancelledEvent,
  fleetSweep,
  type LogEvent,
  type PlannedEvent,
  type ResultEvent,
  type RollbackEvent,
  type SealedEvent,
  type SubmittedEvent,
} from "./log-event.ts";
import type { Schedule } from "./schedule.ts";
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
 * - A sealed sweep has every planned cell terminal, and a sealed tune has ended its search.
 * - A cancelled or sealed sweep never changes; results that still come are orphans.
 * - Any two readers of one prefix derive the same state.
 */
export interface Sweep extends TuneFields {
  readonly sweepId: string;
  readonly phase: "planning" | "open" | "cancelled" | "sealed";
  readonly submitted: SubmittedEvent | null;
  readonly cancelReason: string | null;
  readonly shards: ReadonlyMap<string, Shard>;
  readonly closedShards: number;
  readonly orphans: number;
  /** By cell id: how the cells that ended fared on the hosts. */
  readonly trials: ReadonlyMap<string, CellTrials>;
  /** Cells that the trials blame. */
  readonly blamedCells: ReadonlySet<string>;
}

export type SweepIgnoredReason =
  | IgnoredReason
  | HostIgnoredReason
  | ScheduleIgnoredReason
  | "draft"
  | "reserved-id"
  | "not-blamed"
  | "unknown-sweep"
  | "unknown-shard"
  | "already-planned"
  | "already-submitted"
  | "shards-missing"
  | "no-candidate"
  | "not-tuned"
  | "shards-open"
  | "sweep-not-open";

/** Why an event of a host changes nothing, or a grant of a cordoned host does not. */
export type HostIgnoredReason = "host-cordoned" | "host-not-cordoned" | "host-not-blamed";

/** What one entry did: the accepted change, or why it changed nothing. */
export interface Change {
  readonly event: LogEvent;
  readonly ignored: SweepIgnoredReason | null;
  /** The shards that an accepted submission of a draft made part of its sweep. */
  readonly plan?: readonly PlannedEvent[];
}

/**
 * Everything that the log says, indexed for the dispatcher. A reader owns its state: {@link applyEvent}
 * changes it in place, for a copy per entry would cost a sweep's size each time.
 */
export interface LogState {
  readonly sweeps: Map<string, MutableSweep>;
  /** Hosts of which the log says more than that they measure. */
  readonly hosts: Map<string, HostRecord>;
  readonly schedules: Map<string, Schedule>;
  readonly drafts: Drafts;
  /** The last rollback that was noticed; null for a log that lost nothing yet. */
  rollbackId: string | null;
}

export type MutableSweep = {
  -readonly [Field in keyof Sweep]: Sweep[Field] extends ReadonlyMap<infer Key, infer Value>
    ? Map<Key, Value>
    : Sweep[Field] extends ReadonlySet<infer Member>
      ? Set<Member>
      : Sweep[Field];
};

export function emptyLogState(): LogState {
  return {
    sweeps: new Map(),
    hosts: new Map(),
    schedules: new Map(),
    drafts: new Map(),
    rollbackId: null,
  };
}

/** Applies the next event of the log; a pure function of the prefix, whoever reads it. */
export function applyEvent(state: LogState, event: LogEvent): Change {
  if (event.type === "submitted" && event.planId !== undefined) {
    return applyDraftSubmitted(state, event, event.planId);
  }
  return { event, ignored: apply(state, event) };
}

function apply(state: LogState, event: LogEvent): SweepIgnoredReason | null {
  if (isScheduleEvent(event)) return applyScheduleEvent(state, event);
  switch (event.type) {
    case "planned":
      return applyPlanned(state, event);
    case "candidates":
      return applyCandidates(sweepOf(state, event.sweepId), event);
    case "tuned":
      return applyTuned(state.sweeps.get(event.sweepId), event);
    case "submitted":
      return applySubmitted(state, event);
    case "cancelled":
      return applyCancelled(state, event);
    case "sealed":
      return applySealed(state, event);
    case "grant":
    case "revoke":
    case "moved":
    case "result":
    case "quarantined":
    case "abandoned":
    case "closed":
      return applyToShard(state, event);
    case "cordoned":
    case "uncordoned":
      return applyHostEvent(state, event);
    case "rollback":
      return applyRollback(state, event);
    default:
      return unreachable(event);
  }
}

function applyPlanned(state: LogState, event: PlannedEvent): SweepIgnoredReason | null {
  if (event.sweepId === fleetSweep) return "reserved-id";
  if (event.planId !== undefined) return addToDraft(state, event, event.planId);
  const sweep = sweepOf(state, event.sweepId);
  const late = sweep.phase === "planning" ? null : refuseLatePlan(sweep, event);
  if (late !== null) return late;
  if (sweep.shards.has(event.shardId)) return "already-planned";
  sweep.shards.set(event.shardId, planShard(event));
  return null;
}

function sweepOf(state: LogState, sweepId: string): MutableSweep {
  const sweep = state.sweeps.get(sweepId) ?? newSweep(sweepId);
  state.sweeps.set(sweepId, sweep);
  return sweep;
}

function applySubmitted(state: LogState, event: SubmittedEvent): SweepIgnoredReason | null {
  const sweep = state.sweeps.get(event.sweepId);
  if (sweep === undefined) return "unknown-sweep";
  if (sweep.phase !== "planning") return "already-submitted";
  if (sweep.shards.size !== event.shardCount) return "shards-missing";
  if (event.tune !== null && event.tune.candidateCount !== sweep.candidateIds.size) {
    return "shards-missing";
  }
  sweep.phase = "open";
  sweep.submitted = event;
  return null;
}

/** The first draft that is submitted whole is the sweep; the others are gone. */
function applyDraftSubmitted(state: LogState, event: SubmittedEvent, planId: string): Change {
  if (event.sweepId === fleetSweep) return { event, ignored: "reserved-id" };
  if (state.sweeps.has(event.sweepId)) return { event, ignored: "already-submitted" };
  if (isGivenUp(state, event.sweepId)) return { event, ignored: "fire-over" };
  const plan = takeDraft(state, event, planId);
  if (plan === null) return { event, ignored: "shards-missing" };
  const sweep = newSweep(event.sweepId);
  for (const planned of plan) sweep.shards.set(planned.shardId, planShard(planned));
  sweep.phase = "open";
  sweep.submitted = event;
  state.sweeps.set(event.sweepId, sweep);
  return { event, ignored: null, plan };
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
  if (!isSealable(sweep)) return "not-tuned";
  sweep.phase = "sealed";
  return null;
}

function applyRollback(state: LogState, event: RollbackEvent): null {
  state.rollbackId = event.rollbackId;
  return null;
}

/** Nothing more can come of an open sweep: every shard is closed, and a tune plans no more. */
export function isSealable({ phase, closedShards, shards, submitted, tuned }: Sweep): boolean {
  const grows = (submitted?.tune ?? null) !== null && tuned === null;
  return phase === "open" && closedShards === shards.size && !grows;
}

function applyToShard(state: LogState, event: ShardEvent): SweepIgnoredReason | null {
  const sweep = state.sweeps.get(event.sweepId);
  if (sweep === undefined) return "unknown-sweep";
  const ignored = stepShard(state, sweep, event);
  if (event.type !== "result") return ignored;
  if (ignored === null) noteTrial(state, sweep, event);
  else if (ignored !== "result-repeated") sweep.orphans += 1;
  return ignored;
}

function stepShard(
  state: LogState,
  sweep: MutableSweep,
  event: ShardEvent,
): SweepIgnoredReason | null {
  const shard = sweep.shards.get(event.shardId);
  if (sweep.phase !== "open" && !isRepetition(shard, event)) return "sweep-not-open";
  if (shard === undefined) return "unknown-shard";
  if (event.type === "quarantined" && !isCellBlamed(sweep.trials.get(event.cellId) ?? noTrials)) {
    return "not-blamed";
  }
  if (event.type === "grant" && isCordoned(state, event.hostId)) return "host-cordoned";
  const step = foldShard(shard, event);
  if (step.ignored !== null) return step.ignored;
  sweep.shards.set(event.shardId, step.shard);
  if (step.shard.state === "closed") sweep.closedShards += 1;
  return null;
}

/** A result that counts already stays known as such when its sweep is over. */
function isRepetition(shard: Shard | undefined, event: ShardEvent): boolean {
  return (
    shard !== undefined &&
    event.type === "result" &&
    foldShard(shard, event).ignored === "result-repeated"
  );
}

function noteTrial(state: LogState, sweep: MutableSweep, { result }: ResultEvent): void {
  if (result.terminal === null) return;
  const before = sweep.trials.get(result.cellId) ?? noTrials;
  const trials = addTrial(before, result);
  if (trials === before) return;
  sweep.trials.set(result.cellId, trials);
  if (isCellBlamed(trials)) sweep.blamedCells.add(result.cellId);
  else sweep.blamedCells.delete(result.cellId);
  if (trials.failedOn.length > before.failedOn.length) applySuspicion(state, result);
}

export function isCordoned({ hosts }: LogState, hostId: string): boolean {
  return (hosts.get(hostId)?.cordon ?? null) !== null;
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
    trials: new Map(),
    blamedCells: new Set(),
    candidates: new Map(),
    candidateIds: new Set(),
    tuned: null,
  };
}
