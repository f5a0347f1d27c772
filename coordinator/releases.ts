import type { LogState } from "../shared/domain/fold.ts";
import type { Logger } from "../shared/runtime/logger.ts";
import type { ShardRef } from "./logic/work-index.ts";
import type { HostSession, Sessions } from "./sessions.ts";
import type { ProjectedEntry } from "./store/rows.ts";

/** What releasing needs of the store. */
export interface AttemptReader {
  /** Every attempt of a host at a shard that the store holds durably, counted or not. */
  attemptsOf(shard: ShardRef, hostId: string): Promise<readonly string[]>;
}

export interface ReleasesDeps {
  readonly state: LogState;
  readonly store: AttemptReader;
  readonly sessions: Sessions;
  readonly logger: Logger;
  readonly nowMs: () => number;
  /** How long a shard's end must have stood in the log; see {@link syncedAfterMs}. */
  readonly releaseAfterMs: number;
}

/**
 * nats-server acknowledges before it syncs to its disk, and syncs every 2 minutes unless configured
 * otherwise: what is older has outlived a loss of power. Until then the agent keeps its copy too.
 */
export const syncedAfterMs = 150_000;

/** Attempt ids of one Release: 4096 × 34 bytes stay far below the 1 MiB of a message. */
const maxReleasedIds = 4096;

/**
 * Tells agents which results they may forget: those that the store holds, of shards that are over. A
 * lost Release costs nothing, for agents name the shards in their spool in every heartbeat.
 */
export class Releases {
  readonly #deps: ReleasesDeps;
  /** When the last result or the end of a shard was written to the store, the oldest first. */
  readonly #writtenMs = new Map<string, number>();
  readonly #beganMs: number;

  constructor(deps: ReleasesDeps) {
    this.#deps = deps;
    this.#beganMs = deps.nowMs();
  }

  /** Takes in what has become durable. */
  projected(entries: readonly ProjectedEntry[]): void {
    const nowMs = this.#deps.nowMs();
    for (const entry of entries) {
      if ("corrupt" in entry) continue;
      const { event } = entry;
      if (event.type !== "closed" && event.type !== "result") continue;
      this.#writtenMs.delete(keyOf(event));
      this.#writtenMs.set(keyOf(event), nowMs);
    }
    this.#forgetSynced(nowMs);
    if (this.#deps.releaseAfterMs === 0) this.#releaseAtOnce(entries);
  }

  /** Releases what the agent says it still keeps. */
  spooled(session: HostSession): void {
    for (const ref of session.spooledShards) this.release(ref, session);
  }

  /** Sends a Release where the shard is over; else nothing. */
  release(ref: ShardRef, session: HostSession): void {
    if (!this.#isOver(ref) || !this.#isSynced(ref)) return;
    this.#send(ref, session).catch((error: unknown) => {
      this.#deps.logger.warn({ err: error, ...ref }, "could not read attempts to release");
    });
  }

  /** An entry that was there when this coordinator began is as young as that, for all that it knows. */
  #isSynced(ref: ShardRef): boolean {
    const sinceMs = this.#writtenMs.get(keyOf(ref)) ?? this.#beganMs;
    return this.#deps.nowMs() - sinceMs >= this.#deps.releaseAfterMs;
  }

  #forgetSynced(nowMs: number): void {
    for (const [key, atMs] of this.#writtenMs) {
      if (nowMs - atMs < this.#deps.releaseAfterMs) return;
      this.#writtenMs.delete(key);
    }
  }

  #releaseAtOnce(entries: readonly ProjectedEntry[]): void {
    const touched = new Map<string, ShardRef>();
    for (const entry of entries) {
      if ("corrupt" in entry) continue;
      const { event } = entry;
      if (event.type === "closed" || event.type === "result") touched.set(keyOf(event), event);
    }
    for (const { sweepId, shardId } of touched.values()) {
      const shard = this.#deps.state.sweeps.get(sweepId)?.shards.get(shardId);
      const session = shard === undefined ? undefined : this.#deps.sessions.get(shard.hostId);
      if (session?.connected === true) this.release({ sweepId, shardId }, session);
    }
  }

  #isOver({ sweepId, shardId }: ShardRef): boolean {
    const sweep = this.#deps.state.sweeps.get(sweepId);
    if (sweep === undefined) return false;
    if (sweep.phase === "sealed" || sweep.phase === "cancelled") return true;
    return sweep.shards.get(shardId)?.state === "closed";
  }

  async #send(ref: ShardRef, session: HostSession): Promise<void> {
    const ids = await this.#deps.store.attemptsOf(ref, session.facts.hostId);
    for (let start = 0; start < ids.length; start += maxReleasedIds) {
      session.push({ release: { attemptIds: ids.slice(start, start + maxReleasedIds) } });
    }
  }
}

function keyOf({ sweepId, shardId }: ShardRef): string {
  return `${sweepId}.${shardId}`;
}
