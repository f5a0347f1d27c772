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
}

/** Attempt ids of one Release: 4096 × 34 bytes stay far below the 1 MiB of a message. */
const maxReleasedIds = 4096;

/**
 * Tells agents which results they may forget: those that the store holds, of shards that are over. A
 * lost Release costs nothing, for agents name the shards in their spool in every heartbeat.
 */
export class Releases {
  readonly #deps: ReleasesDeps;

  constructor(deps: ReleasesDeps) {
    this.#deps = deps;
  }

  /** Takes in what has become durable. */
  projected(entries: readonly ProjectedEntry[]): void {
    const touched = new Map<string, ShardRef>();
    for (const entry of entries) {
      if ("corrupt" in entry) continue;
      const { event } = entry;
      if (event.type !== "closed" && event.type !== "result") continue;
      const { sweepId, shardId } = event;
      touched.set(`${sweepId}.${shardId}`, { sweepId, shardId });
    }
    for (const ref of touched.values()) {
      const shard = this.#deps.state.sweeps.get(ref.sweepId)?.shards.get(ref.shardId);
      const session = shard === undefined ? undefined : this.#deps.sessions.get(shard.hostId);
      if (session?.connected === true) this.release(ref, session);
    }
  }

  /** Releases what the agent says it still keeps. */
  spooled(session: HostSession): void {
    for (const ref of session.spooledShards) this.release(ref, session);
  }

  /** Sends a Release where the shard is over; else nothing. */
  release(ref: ShardRef, session: HostSession): void {
    if (!this.#isOver(ref)) return;
    this.#send(ref, session).catch((error: unknown) => {
      this.#deps.logger.warn({ err: error, ...ref }, "could not read attempts to release");
    });
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
