import type { Change } from "../shared/domain/fold.ts";
import type { HostPresence } from "./logic/decide-hosts.ts";
import type { ShardRef } from "./logic/work-index.ts";
import type { Peers } from "./peers.ts";
import type { HostSession, Sessions } from "./sessions.ts";

interface Times {
  seenMs: number;
  servedMs: number;
}

export interface PresenceDeps {
  readonly sessions: Sessions;
  /** What other coordinators hear; none where there is no way to them. */
  readonly peers?: Pick<Peers, "get" | "isReady"> | undefined;
  readonly nowMs: () => number;
}

/**
 * When each host was last heard, here or by a peer. Nothing of it outlives the coordinator, so a new one counts from its own
 * beginning: no host is lost only because a coordinator was.
 */
export class Presence {
  readonly #sessions: Sessions;
  readonly #peers: PresenceDeps["peers"];
  readonly #nowMs: () => number;
  readonly #beganMs: number;
  readonly #times = new Map<string, Times>();

  constructor({ sessions, peers, nowMs }: PresenceDeps) {
    this.#sessions = sessions;
    this.#peers = peers;
    this.#nowMs = nowMs;
    this.#beganMs = nowMs();
  }

  /**
   * A sign of life that came by another way than the host's stream here: a result, or a grant, which a
   * coordinator proposes only for a host that it hears itself. Without the latter, one that a host does
   * not reach takes from it for ever what another grants.
   */
  noted({ event, ignored }: Change): void {
    if (event.type === "result") this.#heard(event.result.hostId);
    if (event.type === "grant" && ignored === null) this.#heard(event.hostId);
  }

  #heard(hostId: string): void {
    this.#timesOf(hostId).seenMs = this.#nowMs();
  }

  /** Takes in who can take work at this moment; `cordoned`: by a coordinator, which nobody may come to see. */
  look(hostIds: Iterable<string>, cordoned: (hostId: string) => boolean): void {
    for (const hostId of hostIds) {
      if (!this.#isServed(hostId) || cordoned(hostId)) continue;
      this.#timesOf(hostId).servedMs = this.#nowMs();
    }
  }

  of(hostId: string): HostPresence {
    const session = this.#sessions.get(hostId);
    const elsewhere = this.#peers?.get(hostId);
    const { seenMs, servedMs } = this.#timesOf(hostId);
    return {
      ready: this.#sessions.ready(hostId) !== undefined,
      connected: session?.connected === true || elsewhere?.connected === true,
      seenMs: Math.max(seenMs, session?.lastSeenMs ?? 0, elsewhere?.lastSeenMs ?? 0),
      servedMs,
      idleSinceMs: session?.idleSinceMs ?? null,
      keepsResultsOf: (shard) => session !== undefined && keepsResultsOf(session, shard),
    };
  }

  #isServed(hostId: string): boolean {
    return this.#sessions.ready(hostId) !== undefined || this.#peers?.isReady(hostId) === true;
  }

  #timesOf(hostId: string): Times {
    const known = this.#times.get(hostId);
    if (known !== undefined) return known;
    const times = { seenMs: this.#beganMs, servedMs: this.#beganMs };
    this.#times.set(hostId, times);
    return times;
  }
}

/** A heartbeat names some of the shards in the spool: where it may not have named all, any may be there. */
function keepsResultsOf({ spooledShards, spoolDepth }: HostSession, shard: ShardRef): boolean {
  if (spooledShards.length >= namedShards) return true;
  if (spooledShards.length === 0) return spoolDepth > 0;
  return spooledShards.some(
    ({ sweepId, shardId }) => sweepId === shard.sweepId && shardId === shard.shardId,
  );
}

/** As many as an agent names at the most. */
const namedShards = 64;
