import { decodeRecords } from "../../agent/link/spool-record.ts";
import type { ProjectedEntry } from "../../coordinator/store/rows.ts";
import type { Ledger } from "./ledger.ts";
import { parseRaw } from "./raw-log.ts";
import type { SimAgent } from "./sim-agent.ts";
import type { SimCoordinator } from "./sim-coordinator.ts";
import type { SimLogServer } from "./sim-log-server.ts";
import { firePeriodMs } from "./sim-schedule.ts";

export interface Checked {
  readonly server: SimLogServer;
  readonly ledger: Ledger;
  readonly nowMs: () => number;
  readonly coordinators: readonly SimCoordinator[];
  readonly agents: readonly SimAgent[];
}

/** An agent that has been reachable for so long knows what it may work on. */
const settledMs = 90_000;

/** Holds the programs to the design's invariants: some at every step, the others at the end of a run. */
export class Checks {
  /** When the faults stopped; null while they go on. */
  calmSinceMs: number | null = null;
  readonly #world: Checked;

  constructor(world: Checked) {
    this.#world = world;
  }

  assigned(agent: string, grantId: string): void {
    if (this.#world.server.wasAccepted(grantId)) return;
    this.#violated("a grant is assigned once the log has accepted it", `${agent} got ${grantId}`);
  }

  /** A spool may forget what a projection holds durably, of a shard that is over there. */
  released(agent: string, attemptIds: readonly string[]): void {
    const { ledger, coordinators, server } = this.#world;
    for (const attemptId of attemptIds) {
      const attempt = ledger.attempts.get(attemptId);
      // A name that this agent never used: another agent of the same host, by mistake.
      if (attempt === undefined || attempt.agent !== agent) continue;
      attempt.released = true;
      const { sweepId, shardId } = attempt.result;
      // A Release may be long on its way, and its projection be made anew meanwhile.
      const held = coordinators.some(({ store }) => store.heldEver.has(attemptId));
      if (!held || !server.wasOver(sweepId, shardId)) {
        this.#violated(
          "a result is released when its shard is over and the projection holds it",
          `${agent} may forget ${attemptId}`,
        );
      }
    }
  }

  /** `shared`: another agent of the same host takes the messages away from this one, by mistake. */
  launching(agent: string, grantId: string, shared: boolean): void {
    const { nowMs, server } = this.#world;
    if (shared) return;
    if (this.calmSinceMs === null || nowMs() - this.calmSinceMs < settledMs) return;
    if (server.oracle.isCurrent(grantId)) return;
    this.#violated("a settled agent works on current grants only", `${agent} on ${grantId}`);
  }

  /** What must hold at any moment, also in the middle of a storm. */
  checkState(): void {
    this.#checkSpools();
    this.#checkSealed();
    this.#checkWhole();
    this.#checkCounted();
  }

  /** Every coordinator has had the time to read the log as it is. */
  checkReaders(): void {
    for (const coordinator of this.#world.coordinators) this.#checkProjection(coordinator);
  }

  /** After faults stop, every open sweep ends. */
  checkEnded(sweepIds: readonly string[]): void {
    for (const sweepId of sweepIds) {
      const phase = this.#world.server.oracle.sweeps.get(sweepId)?.phase ?? "unknown";
      if (phase !== "sealed" && phase !== "cancelled") {
        this.#violated("after faults stop, every open sweep ends", `sweep ${sweepId} is ${phase}`);
      }
    }
  }

  /** Each time of a schedule is decided once and none is left out; what was to start has started and ended. */
  checkFires(): void {
    const { server, coordinators } = this.#world;
    for (const [name, schedule] of server.oracle.schedules) {
      const { addedAtMs, decidedToMs, passed, fires } = schedule;
      const due = Math.floor(decidedToMs / firePeriodMs) - Math.floor(addedAtMs / firePeriodMs);
      if (fires.size + passed !== due) {
        const what = `${fires.size} decided and ${passed} passed of ${due}`;
        this.#violated("every fire of a schedule is decided once", `${name}: ${what}`);
      }
      for (const [sweepId, { skipped, notStarted }] of fires) {
        const phase = server.oracle.sweeps.get(sweepId)?.phase;
        const starts = !skipped && !notStarted;
        if (starts && phase !== "sealed" && phase !== "cancelled") {
          this.#violated("after faults stop, every fire's sweep ends", `${sweepId} is ${phase}`);
        }
        if (!starts && phase !== undefined) {
          this.#violated("a fire that does not start has no sweep", `${sweepId} is ${phase}`);
        }
      }
    }
    for (const { host, store } of coordinators) this.#checkStarts(host, store.entries);
  }

  /** As a coordinator's projection has it: a sweep of a fire began once. */
  #checkStarts(host: string, entries: readonly ProjectedEntry[]): void {
    const begun = new Set<string>();
    for (const entry of entries) {
      if ("corrupt" in entry || entry.ignored !== null) continue;
      const { type, sweepId } = entry.event;
      const what =
        type === "submitted" ? sweepId : type === "fired" ? `fire ${entry.event.firedSweepId}` : "";
      if (what === "") continue;
      if (begun.has(what)) this.#violated("a fire starts one sweep", `${host} has ${what} twice`);
      begun.add(what);
    }
  }

  #checkSpools(): void {
    const { ledger, agents } = this.#world;
    for (const { place } of agents) {
      const kept = new Set<string>();
      for (const [file, bytes] of place.disk.contents()) {
        if (!file.endsWith(".result")) continue;
        for (const record of decodeRecords(bytes)) {
          if ("result" in record) kept.add(record.result.attemptId);
        }
      }
      for (const [attemptId, { agent, durableAtMs, released }] of ledger.attempts) {
        if (agent !== place.name || durableAtMs === null || released || kept.has(attemptId))
          continue;
        this.#violated(
          "the spool never forgets an unreleased result",
          `${attemptId} is gone from ${agent}`,
        );
      }
    }
  }

  #checkSealed(): void {
    for (const [sweepId, { phase, shards }] of this.#world.server.oracle.sweeps) {
      if (phase !== "sealed") continue;
      for (const [shardId, { cells, terminal }] of shards) {
        if (terminal.size === cells.size) continue;
        this.#violated("a sealed sweep has every planned cell terminal", `${sweepId} ${shardId}`);
      }
    }
  }

  /**
   * A cell is ok with the launches that it needs: none of them is an orphan because its last one came first.
   * Where the log lost entries, an old copy of the last may come first again; and of two agents of one host,
   * by mistake, each numbers launches of its own.
   */
  #checkWhole(): void {
    const { server, agents } = this.#world;
    const { oracle, rollbacks } = server;
    if (rollbacks > 0) return;
    const hasTwin = (hostId: string | undefined): boolean =>
      agents.filter(({ place }) => place.hostId === hostId).length > 1;
    const measured = new Map<string, number>();
    for (const { sweep, shard, cell, host, medianNs } of oracle.counted) {
      if (medianNs === null) continue;
      const key = `${sweep} ${shard} ${cell} ${host}`;
      measured.set(key, (measured.get(key) ?? 0) + 1);
    }
    for (const [sweepId, { shards, minLaunches }] of oracle.sweeps) {
      for (const [shardId, { terminal, okOn }] of shards) {
        for (const [cell, state] of terminal) {
          if (state !== "ok" || hasTwin(okOn.get(cell))) continue;
          const found = measured.get(`${sweepId} ${shardId} ${cell} ${okOn.get(cell)}`) ?? 0;
          if (found >= minLaunches) continue;
          const what = `${sweepId} ${shardId} ${cell}: ${found} of ${minLaunches}`;
          this.#violated("a cell is ok with all of its launches", what);
        }
      }
    }
  }

  /** Each launch once, measured by the host it names under its grant, in its spool before anyone heard of it. */
  #checkCounted(): void {
    const { server, ledger } = this.#world;
    const seen = new Set<string>();
    for (const counted of server.oracle.counted) {
      const key = `${counted.sweep} ${counted.host} ${counted.cell} ${counted.launch}`;
      if (seen.has(key)) this.#violated("a launch of a cell is counted at most once", key);
      seen.add(key);
      const attempt = ledger.attempts.get(counted.attempt);
      const { outcome, hostId } = attempt?.result ?? {};
      const found = outcome?.type === "measured" ? outcome.medianNs : null;
      if (hostId !== counted.host || found !== counted.medianNs) {
        this.#violated("what counts was measured", `${key} says ${counted.medianNs}, not ${found}`);
      }
      const grantedAtMs = server.entry(counted.grantedAt)?.sinceMs ?? Number.POSITIVE_INFINITY;
      if (attempt !== undefined && attempt.startedMs < grantedAtMs) {
        const when = `began at ${attempt.startedMs}, was granted at ${grantedAtMs}`;
        this.#violated(
          "what counts was measured under its grant, after it was made",
          `${key} ${when}`,
        );
      }
      const publishedAtMs = server.entry(counted.place)?.atMs ?? 0;
      if ((attempt?.durableAtMs ?? Number.POSITIVE_INFINITY) > publishedAtMs) {
        this.#violated("a result is on the disk before anyone hears of it", key);
      }
    }
  }

  /** Every reader of a prefix derives what the oracle derives, entry by entry. */
  #checkProjection({ host, store }: SimCoordinator): void {
    const { server } = this.#world;
    if (store.cursor !== server.lastSeq) {
      const read = `${host}: ${store.cursor} entries, not ${server.lastSeq}`;
      this.#violated("every coordinator reads the whole log", read);
      return;
    }
    for (const entry of store.entries) {
      if ("corrupt" in entry) {
        this.#violated(
          "any two readers derive the same state",
          `${host} finds ${entry.seq} corrupt`,
        );
        continue;
      }
      const took = server.oracle.effective[entry.seq];
      if (took === (entry.ignored === null) && this.#isSame(entry)) continue;
      const { type, sweepId } = entry.event;
      this.#violated(
        "any two readers derive the same state",
        `entry ${entry.seq}, a ${type} of ${sweepId}: ${host} says ${entry.ignored ?? "effective"}, the log ${took ? "effective" : "not"}`,
      );
      return;
    }
  }

  #isSame({ seq, event }: { seq: number; event: { type: string } }): boolean {
    const message = this.#world.server.entry(seq);
    if (message === undefined) return false;
    const { kind, payload } = parseRaw(message.subject, message.payload);
    if (kind !== event.type) return false;
    const { result, grant_id } = payload;
    const named = event as { grantId?: string; result?: { attemptId: string } };
    return named.grantId === grant_id && named.result?.attemptId === result?.attempt_id;
  }

  #violated(invariant: string, what: string): void {
    this.#world.ledger.violated(invariant, what);
  }
}
