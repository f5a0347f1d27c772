import type { Cell } from "./cell.ts";
import { unreachable } from "./errors.ts";
import type {
  AbandonedEvent,
  ClosedEvent,
  GrantEvent,
  MovedEvent,
  PlannedEvent,
  QuarantinedEvent,
  ResultEvent,
  RevokeEvent,
} from "./log-event.ts";
import {
  figuresOf,
  gistOf,
  type LaunchFigures,
  type LaunchGist,
  type LaunchResult,
} from "./result.ts";
import { VersionedMap } from "./versioned-map.ts";

/**
 * A shard's life, folded from the log. Whether a result counts is decided here and nowhere else.
 *
 *     open ──grant──▶ granted(g) ──closed──▶ closed
 *     ▲ │ ▲              │
 *     │ ╰─┴─moved        │       `moved` gives an open shard to another host
 *     ╰─────revoke───────╯       a later grant names g as `prev`
 *
 * `abandoned` ends a grant, and every cell that is not terminal fails; `quarantined` ends one cell.
 *
 * Invariants, each the name of a test in shard.test.ts:
 * - A launch of a cell on a host is counted at most once.
 * - A result counts only under the grant that is current at its place in the log: counting the
 *   first arrival instead would favour fast attempts.
 * - A closed shard never changes.
 * - A terminal cell counts nothing more.
 * - A cell never has launches of two hosts, and a shard never returns to a host.
 */
export type Shard = OpenShard | GrantedShard | ClosedShard;

interface ShardBase {
  readonly sweepId: string;
  readonly shardId: string;
  readonly hostId: string;
  /** Hosts that may still take the shard over: never one that had it before. */
  readonly movableTo: readonly string[];
  readonly cells: VersionedMap<string, CellProgress>;
  /** The grant that the next one must name as `prev`; null before the first. */
  readonly lastGrantId: string | null;
  /** Cells without a terminal result. */
  readonly remaining: number;
}

export interface OpenShard extends ShardBase {
  readonly state: "open";
}

export interface GrantedShard extends ShardBase {
  readonly state: "granted";
  readonly grantId: string;
}

export interface ClosedShard extends ShardBase {
  readonly state: "closed";
}

export interface CellProgress {
  readonly cellId: string;
  readonly cell: Cell;
  /** Of the shard's host, in the order in which they were counted. */
  readonly launches: readonly CountedLaunch[];
  readonly terminal: TerminalState | null;
}

/** How a cell ends: measured, failed with evidence, or given up because it harms hosts. */
export type TerminalState = "ok" | "failed" | "quarantined";

export interface CountedLaunch extends LaunchGist {
  readonly launch: number;
  readonly attemptId: string;
  readonly figures: LaunchFigures;
}

/** Events that concern one shard after it was planned. */
export type ShardEvent =
  | GrantEvent
  | RevokeEvent
  | MovedEvent
  | ResultEvent
  | QuarantinedEvent
  | AbandonedEvent
  | ClosedEvent;

/** Why an event changes nothing. A result with such a reason is kept and shown as an orphan. */
export type IgnoredReason =
  | "shard-not-open"
  | "stale-prev"
  | "foreign-host"
  | "not-movable"
  | "stale-grant"
  | "unknown-cell"
  | "cell-terminal"
  | "launch-counted"
  | RepeatedReason
  | "shard-incomplete"
  | "shard-complete"
  | "shard-closed";

/** The very result that counts, once more: no orphan. */
export type RepeatedReason = "result-repeated";

export type ShardStep =
  | { readonly shard: Shard; readonly ignored: null }
  | { readonly shard: Shard; readonly ignored: IgnoredReason };

export function planShard(event: PlannedEvent): OpenShard {
  const cells = new VersionedMap<string, CellProgress>(
    event.cells.map(({ cellId, cell }) => [cellId, { cellId, cell, launches: [], terminal: null }]),
  );
  return {
    state: "open",
    sweepId: event.sweepId,
    shardId: event.shardId,
    hostId: event.hostId,
    movableTo: event.movableTo.filter((hostId) => hostId !== event.hostId),
    cells,
    lastGrantId: null,
    remaining: cells.size,
  };
}

/** Returns the same shard when the event changes nothing, with the reason. */
export function foldShard(shard: Shard, event: ShardEvent): ShardStep {
  if (event.type === "result" && isRepeated(shard, event.result)) {
    return ignore(shard, "result-repeated");
  }
  if (shard.state === "closed") return ignore(shard, "shard-closed");
  switch (event.type) {
    case "grant":
      return grant(shard, event);
    case "revoke":
      return revoke(shard, event);
    case "moved":
      return move(shard, event);
    case "result":
      return count(shard, event.result);
    case "quarantined":
      return quarantine(shard, event);
    case "abandoned":
      return abandon(shard, event);
    case "closed":
      return shard.remaining === 0
        ? accept({ ...base(shard), state: "closed" })
        : ignore(shard, "shard-incomplete");
    default:
      return unreachable(event);
  }
}

function grant(shard: OpenShard | GrantedShard, event: GrantEvent): ShardStep {
  if (shard.state !== "open") return ignore(shard, "shard-not-open");
  if (event.prev !== shard.lastGrantId) return ignore(shard, "stale-prev");
  if (event.hostId !== shard.hostId) return ignore(shard, "foreign-host");
  if (shard.remaining === 0) return ignore(shard, "shard-complete");
  const { grantId } = event;
  return accept({ ...base(shard), state: "granted", grantId, lastGrantId: grantId });
}

function revoke(shard: OpenShard | GrantedShard, event: RevokeEvent): ShardStep {
  if (shard.state !== "granted" || shard.grantId !== event.grantId) {
    return ignore(shard, "stale-grant");
  }
  return accept({ ...base(shard), state: "open" });
}

function move(shard: OpenShard | GrantedShard, event: MovedEvent): ShardStep {
  if (shard.state !== "open") return ignore(shard, "shard-not-open");
  if (event.prev !== shard.lastGrantId) return ignore(shard, "stale-prev");
  if (event.fromHostId !== shard.hostId) return ignore(shard, "foreign-host");
  const { hostId } = event;
  if (!shard.movableTo.includes(hostId)) return ignore(shard, "not-movable");
  const cells = mapOpenCells(shard.cells, (cell) => ({ ...cell, launches: [] }));
  const movableTo = shard.movableTo.filter((other) => other !== hostId);
  return accept({ ...shard, hostId, movableTo, cells });
}

function count(shard: OpenShard | GrantedShard, result: LaunchResult): ShardStep {
  const cell = shard.cells.get(result.cellId);
  const reason = orphanReason(shard, cell, result);
  if (reason !== null || cell === undefined) return ignore(shard, reason ?? "unknown-cell");
  const { launch, attemptId, terminal } = result;
  const launches = [
    ...cell.launches,
    { launch, attemptId, ...gistOf(result), figures: figuresOf(result) },
  ];
  const cells = shard.cells.with(cell.cellId, { ...cell, launches, terminal });
  return accept({ ...shard, cells, remaining: shard.remaining - (terminal === null ? 0 : 1) });
}

function orphanReason(
  shard: OpenShard | GrantedShard,
  cell: CellProgress | undefined,
  result: LaunchResult,
): IgnoredReason | null {
  if (shard.state !== "granted" || shard.grantId !== result.grantId) return "stale-grant";
  if (result.hostId !== shard.hostId) return "foreign-host";
  if (cell === undefined) return "unknown-cell";
  if (cell.terminal !== null) return "cell-terminal";
  const counted = cell.launches.some(({ launch }) => launch === result.launch);
  return counted ? "launch-counted" : null;
}

/** An agent that did not hear the acknowledgement, or of a rollback, publishes a result again. */
function isRepeated({ cells }: Shard, { cellId, attemptId }: LaunchResult): boolean {
  const launches = cells.get(cellId)?.launches ?? [];
  return launches.some((counted) => counted.attemptId === attemptId);
}

/** Whether the evidence suffices is the sweep's to say; see fold.ts. */
function quarantine(shard: OpenShard | GrantedShard, { cellId }: QuarantinedEvent): ShardStep {
  const cell = shard.cells.get(cellId);
  if (cell === undefined) return ignore(shard, "unknown-cell");
  if (cell.terminal !== null) return ignore(shard, "cell-terminal");
  const cells = shard.cells.with(cellId, { ...cell, terminal: "quarantined" });
  return accept({ ...shard, cells, remaining: shard.remaining - 1 });
}

function abandon(shard: OpenShard | GrantedShard, event: AbandonedEvent): ShardStep {
  if (event.hostId !== shard.hostId) return ignore(shard, "foreign-host");
  if (shard.remaining === 0) return ignore(shard, "shard-complete");
  const cells = mapOpenCells(shard.cells, (cell) => ({ ...cell, terminal: "failed" }));
  return accept({ ...base(shard), state: "open", cells, remaining: 0 });
}

function mapOpenCells(
  cells: ReadonlyMap<string, CellProgress>,
  change: (cell: CellProgress) => CellProgress,
): VersionedMap<string, CellProgress> {
  return new VersionedMap(
    [...cells].map(([cellId, cell]) => [cellId, cell.terminal === null ? change(cell) : cell]),
  );
}

function accept(shard: Shard): ShardStep {
  return { shard, ignored: null };
}

function ignore(shard: Shard, ignored: IgnoredReason): ShardStep {
  return { shard, ignored };
}

/** The fields that all states share, without those of the state that is left. */
function base(shard: Shard): ShardBase {
  const { sweepId, shardId, hostId, movableTo, cells, lastGrantId, remaining } = shard;
  return { sweepId, shardId, hostId, movableTo, cells, lastGrantId, remaining };
}
