import { isCordoned, type LogState, type Sweep } from "../../shared/domain/fold.ts";
import { evidenceAgainst, isHostBlamed } from "../../shared/domain/fold-hosts.ts";
import { fleetSweep, type LogEvent } from "../../shared/domain/log-event.ts";
import type { Shard } from "../../shared/domain/shard.ts";
import { countOf } from "../../shared/domain/text-layout.ts";
import type { ShardRef, WorkIndex } from "./work-index.ts";

/** What a coordinator knows of a host beside the log; all times by its own clock. */
export interface HostPresence {
  /** Its stream stands, it is reconciled and it takes grants. */
  readonly ready: boolean;
  readonly connected: boolean;
  /** The last sign of life: a message, or a result in the log. Never before the coordinator began. */
  readonly seenMs: number;
  /** When it could last take work. Never before the coordinator began. */
  readonly servedMs: number;
  /** Since when it says that it measures nothing; null where it does not say so. */
  readonly idleSinceMs: number | null;
  /** Whether its agent still keeps results of the shard. */
  readonly keepsResultsOf: (shard: ShardRef) => boolean;
}

/** How long a coordinator waits before it proposes. All in ms. */
export interface HostPolicy {
  /** Silence after which shards that may move are taken from a host. A launch may last an hour, but its agent is never silent meanwhile. */
  readonly lostAfterMs: number;
  /** How long a host may take no work before its cells are failed as `host-lost`. */
  readonly abandonAfterMs: number;
  /** An agent that is idle for so long and keeps no result of its grant has lost it. */
  readonly idleAfterMs: number;
}

export const defaultHostPolicy: HostPolicy = {
  lostAfterMs: 15 * 60_000,
  abandonAfterMs: 24 * 3_600_000,
  idleAfterMs: 60_000,
};

export interface FleetView {
  readonly state: LogState;
  readonly index: Pick<WorkIndex, "hosts" | "open" | "granted">;
  readonly nowMs: number;
  readonly presence: (hostId: string) => HostPresence;
  readonly policy: HostPolicy;
}

/** An event to append, with a key that is equal for proposals of the same effect. */
export interface Proposal {
  readonly event: LogEvent;
  readonly key: string;
}

/**
 * What to propose about hosts and what they owe. Nothing is decided here: the fold takes each event or
 * not. A grant is never taken from a host that may still finish it unless another can: to revoke it would
 * only make orphans of what a cut-off agent measures meanwhile.
 */
export function decideHosts(view: FleetView): readonly Proposal[] {
  const { state, index } = view;
  const proposals: Proposal[] = [];
  for (const hostId of index.hosts()) proposals.push(...decideHost(view, hostId));
  for (const sweep of state.sweeps.values()) proposals.push(...quarantines(sweep));
  for (const hostId of state.hosts.keys()) proposals.push(...cordon(state, hostId));
  return proposals;
}

function decideHost(view: FleetView, hostId: string): Proposal[] {
  const { index, nowMs, policy, state } = view;
  const presence = view.presence(hostId);
  // Looked up where it is needed alone: of a large fleet nearly every host is at work, every second anew.
  const open = () => shardsOf(state, index.open(hostId));
  const granted = () => shardsOf(state, index.granted(hostId));
  const takesNone = nowMs - presence.servedMs;
  if (takesNone >= policy.abandonAfterMs) {
    const reason = `host ${hostId} took no work for ${inWords(takesNone)}`;
    return [...open(), ...granted()].map((shard) => abandon(shard, reason));
  }
  const away = nowMs - presence.seenMs;
  const isLost = !presence.connected && away >= policy.lostAfterMs;
  if (isLost || isCordoned(state, hostId)) {
    const why = isLost ? `was not heard for ${inWords(away)}` : "is cordoned";
    const reason = `host ${hostId} ${why}`;
    return [
      ...open().flatMap((shard) => move(view, shard, reason)),
      ...(isLost ? granted().flatMap((shard) => take(view, shard, reason)) : []),
    ];
  }
  if (!isIdle(presence, view)) return [];
  // Nothing that it did is on its way.
  const isForgotten = (shard: Shard) => !presence.keepsResultsOf(shard);
  return granted()
    .filter(isForgotten)
    .map((shard) => revoke(shard, forgotten));
}

const forgotten = "the agent is idle and keeps no result of the grant";

/** The agent says that it does nothing, and has said so for long. */
function isIdle({ idleSinceMs, ready }: HostPresence, { nowMs, policy }: FleetView): boolean {
  return ready && idleSinceMs !== null && nowMs - idleSinceMs >= policy.idleAfterMs;
}

function take(view: FleetView, shard: Shard, reason: string): Proposal[] {
  return successor(view, shard) === undefined ? [] : [revoke(shard, reason)];
}

function move(view: FleetView, shard: Shard, reason: string): Proposal[] {
  const hostId = successor(view, shard);
  if (hostId === undefined) return [];
  const { sweepId, shardId, hostId: fromHostId, lastGrantId: prev } = shard;
  const event = { type: "moved", sweepId, shardId, fromHostId, hostId, prev, reason } as const;
  return [{ event, key: `move.${sweepId}.${shardId}.${fromHostId}` }];
}

/** The host with least to do among those that may take the shard; the first by name of equals. */
function successor({ index, presence, state }: FleetView, shard: Shard): string | undefined {
  const able = shard.movableTo.filter(
    (hostId) => presence(hostId).ready && !isCordoned(state, hostId),
  );
  const owed = (hostId: string) => index.open(hostId).length + index.granted(hostId).length;
  return able
    .map((hostId) => ({ hostId, owed: owed(hostId) }))
    .sort((a, b) => a.owed - b.owed || (a.hostId < b.hostId ? -1 : 1))[0]?.hostId;
}

function revoke(shard: Shard, reason: string): Proposal {
  const { sweepId, shardId, lastGrantId } = shard;
  const grantId = lastGrantId ?? "";
  return { event: { type: "revoke", sweepId, shardId, grantId, reason }, key: `revoke.${grantId}` };
}

/** The shard's cells are given up; results that come later are orphans. */
export function abandon({ sweepId, shardId, hostId }: Shard, reason: string): Proposal {
  const event = { type: "abandoned", sweepId, shardId, hostId, reason } as const;
  return { event, key: `abandon.${sweepId}.${shardId}.${hostId}` };
}

function quarantines({ phase, sweepId, blamedCells, shards, trials }: Sweep): Proposal[] {
  if (phase !== "open" || blamedCells.size === 0) return [];
  const proposals: Proposal[] = [];
  for (const { shardId, cells } of shards.values()) {
    for (const cellId of blamedCells) {
      if (cells.get(cellId)?.terminal !== null) continue;
      const hosts = trials.get(cellId)?.failedOn.join(", ");
      const reason = `it failed on ${hosts} and passed on no host`;
      const event = { type: "quarantined", sweepId, shardId, cellId, reason } as const;
      proposals.push({ event, key: `quarantine.${sweepId}.${shardId}.${cellId}` });
    }
  }
  return proposals;
}

function cordon(state: LogState, hostId: string): Proposal[] {
  if (isCordoned(state, hostId) || !isHostBlamed(state, hostId)) return [];
  const cells = evidenceAgainst(state, hostId);
  const words = [...new Set(cells.map(({ reason }) => reason))].join(", ");
  const ids = cells.map(({ cellId }) => cellId).slice(0, shownCells);
  const reason = `${countOf(cells.length, "cell")} failed here for good (${words}) that other hosts can measure or that ended the agent: ${ids.join(", ")}`;
  const by = "coordinator";
  const event = {
    type: "cordoned",
    sweepId: fleetSweep,
    hostId,
    mode: "drain",
    by,
    reason,
  } as const;
  return [{ event, key: `cordon.${hostId}` }];
}

const shownCells = 4;

function shardsOf({ sweeps }: LogState, refs: readonly ShardRef[]): readonly Shard[] {
  return refs.flatMap(({ sweepId, shardId }) => sweeps.get(sweepId)?.shards.get(shardId) ?? []);
}

function inWords(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  return minutes < 1 ? `${Math.floor(ms / 1_000)} s` : `${minutes} min`;
}
