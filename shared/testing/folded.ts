import { unreachable } from "../domain/errors.ts";
import type { applyEvent, LogState, MutableSweep } from "../domain/fold.ts";
import type { LogEvent } from "../domain/log-event.ts";
import type { Shard } from "../domain/shard.ts";
import { sweepId } from "./log-events.ts";

/** A shard as some coordinator may have read it: what it proposes then may arrive much later. */
export interface Opening {
  readonly shardId: string;
  readonly hostId: string;
  readonly prev: string | null;
  readonly movableTo: readonly string[];
}

/** A state of the fold with what is worked out beside it, from no more than what it accepted. */
export interface Folded {
  readonly state: LogState;
  /** By shard: the grant that counts. */
  readonly current: ReadonlyMap<string, string | null>;
  /** By shard: the last grant. */
  readonly last: ReadonlyMap<string, string | null>;
  readonly opened: readonly Opening[];
  readonly accepted: ReadonlyMap<string, { readonly shardId: string; readonly hostId: string }>;
  /** `cell launch host` of what counts. */
  readonly counted: readonly string[];
}

export function beginFolded(state: LogState): Folded {
  const shards = [...sweepOf(state).shards.values()];
  const none = new Map(shards.map(({ shardId }) => [shardId, null]));
  const opened = shards.map(toOpening);
  return { state, current: none, last: none, opened, accepted: new Map(), counted: [] };
}

/** What an entry makes of a state, or the invariant that it breaks. */
export function step(before: Folded, event: LogEvent, apply: typeof applyEvent): Folded | string {
  const state = copyOf(before.state);
  const { ignored } = apply(state, event);
  if (ignored !== null) {
    return shown(state) === shown(before.state) ? before : "what is ignored changes nothing";
  }
  const broken = brokenBy(before, event);
  if (broken !== null) return broken;
  const after = note({ ...before, state }, event);
  return brokenIn(after) ?? after;
}

/** A state of its own for each way on: the fold replaces what its maps hold, and changes none of it. */
function copyOf(state: LogState): LogState {
  const sweeps = [...state.sweeps].map(([id, sweep]) => [id, withOwnFields(sweep)] as const);
  return { ...withOwnFields(state), sweeps: new Map(sweeps) };
}

function withOwnFields<Holder extends object>(holder: Holder): Holder {
  const fields = Object.entries(holder).map(([name, value]) => [
    name,
    value instanceof Map ? new Map(value) : value instanceof Set ? new Set(value) : value,
  ]);
  return Object.fromEntries(fields) as Holder;
}

/** What the fold must not accept here. */
function brokenBy(before: Folded, event: LogEvent): string | null {
  if (!("shardId" in event)) {
    const shards = [...sweepOf(before.state).shards.values()];
    const isDone = shards.every(({ state, cells }) => state === "closed" && isTerminal(cells));
    return isDone ? null : "a sealed sweep has every planned cell terminal";
  }
  const shard = sweepOf(before.state).shards.get(event.shardId) as Shard;
  if (shard.state === "closed") return "a closed shard never changes";
  const current = before.current.get(event.shardId);
  const last = before.last.get(event.shardId);
  switch (event.type) {
    case "grant":
      if (current !== null) return "a shard has one grant at a time";
      if (before.accepted.has(event.grantId)) return "a grant is accepted once";
      return event.prev === last && event.hostId === shard.hostId
        ? null
        : "a grant follows the last";
    case "revoke":
      return event.grantId === current ? null : "a revoke ends the current grant only";
    case "moved":
      return current === null && event.prev === last ? null : "a shard moves only while it is open";
    case "result":
      return event.result.grantId === current ? null : "a counted result's grant was current";
    case "closed":
      return isTerminal(shard.cells) ? null : "a closed shard has every cell terminal";
    case "planned":
    case "candidates":
    case "quarantined":
    case "abandoned":
      return null; // None of them is sent in these small worlds.
    default:
      return unreachable(event);
  }
}

function note(folded: Folded, event: LogEvent): Folded {
  if (!("shardId" in event)) return folded;
  const { shardId } = event;
  const shard = sweepOf(folded.state).shards.get(shardId) as Shard;
  const opened = shard.state === "open" ? withOpening(folded.opened, shard) : folded.opened;
  const current = new Map(folded.current);
  if (event.type === "grant") {
    const { grantId, hostId } = event;
    return {
      ...folded,
      current: current.set(shardId, grantId),
      last: new Map(folded.last).set(shardId, grantId),
      accepted: new Map(folded.accepted).set(grantId, { shardId, hostId }),
    };
  }
  if (event.type === "result") {
    const { cellId, launch, hostId } = event.result;
    return { ...folded, counted: [...folded.counted, `${cellId} ${launch} ${hostId}`].sort() };
  }
  if (event.type === "revoke") current.set(shardId, null);
  return { ...folded, current, opened };
}

/** What must hold of any state: each launch counts once, on one host, and stays. */
function brokenIn({ state, counted }: Folded): string | null {
  if (new Set(counted).size < counted.length) return "a launch is counted at most once";
  const kept = [...sweepOf(state).shards.values()].flatMap(({ cells, hostId }) =>
    [...cells.values()].flatMap(({ cellId, launches }) =>
      launches.map(({ launch, attemptId }) => ({ key: `${cellId} ${launch}`, attemptId, hostId })),
    ),
  );
  if (new Set(kept.map(({ key }) => key)).size < kept.length) return "a launch is kept once";
  return kept.length === counted.length ? null : "what counts is kept";
}

function isTerminal(cells: Shard["cells"]): boolean {
  return [...cells.values()].every(({ terminal }) => terminal !== null);
}

function withOpening(opened: readonly Opening[], shard: Shard): readonly Opening[] {
  const { lastGrantId, hostId, shardId } = shard;
  const known = opened.some(
    (other) => other.shardId === shardId && other.hostId === hostId && other.prev === lastGrantId,
  );
  return known ? opened : [...opened, toOpening(shard)];
}

function toOpening({ shardId, hostId, lastGrantId: prev, movableTo }: Shard): Opening {
  return { shardId, hostId, prev, movableTo };
}

/** The same for states from which the same may follow. */
export function keyOf({ state, current, opened, accepted }: Folded): string {
  const openings = opened.map((opening) => JSON.stringify(opening)).sort();
  return JSON.stringify([shown(state), [...current], openings, [...accepted]]);
}

/** All of a sweep but how many orphans it has, which decides nothing. */
function shown(state: LogState): string {
  const { phase, closedShards, shards } = sweepOf(state);
  const all = [...shards.values()].map(({ cells, ...shard }) => [
    shard,
    [...cells.values()].map(({ cellId, launches, terminal }) => [
      cellId,
      terminal,
      launches.map(({ launch, attemptId }) => [launch, attemptId]),
    ]),
  ]);
  return JSON.stringify([phase, closedShards, all]);
}

function sweepOf({ sweeps }: LogState): MutableSweep {
  return sweeps.get(sweepId) as MutableSweep;
}
