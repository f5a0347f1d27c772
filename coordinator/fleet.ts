import type { KnownHost } from "./known-host.ts";
import type { Peers } from "./peers.ts";
import type { HostSession, Sessions } from "./sessions.ts";

/** Every host that this coordinator or one of its peers hears. */
export class Fleet {
  readonly #sessions: Sessions;
  readonly #peers: Pick<Peers, "get" | "hostIds">;

  constructor(sessions: Sessions, peers: Pick<Peers, "get" | "hostIds">) {
    this.#sessions = sessions;
    this.#peers = peers;
  }

  /** The host by its own stream where that stands, else by whoever heard it last. */
  get(hostId: string): KnownHost | undefined {
    const session = this.#sessions.get(hostId);
    const own = session === undefined ? undefined : ofSession(session);
    if (own?.connected === true) return own;
    const other = this.#peers.get(hostId);
    if (own === undefined || other === undefined) return own ?? other;
    const isBetter = other.connected || other.lastSeenMs > own.lastSeenMs;
    return isBetter ? { ...other, facts: other.facts ?? own.facts } : own;
  }

  all(): readonly KnownHost[] {
    const own = this.#sessions.all().map(({ facts }) => facts.hostId);
    const hostIds = new Set([...own, ...this.#peers.hostIds()]);
    return [...hostIds].flatMap((hostId) => this.get(hostId) ?? []);
  }
}

function ofSession(session: HostSession): KnownHost {
  const { facts, connected, state, refusal, spoolDepth, spoolBytes, lastSeenMs, progress } =
    session;
  const { hostId } = facts;
  const seen = { connected, state, refusal, spoolDepth, spoolBytes, lastSeenMs, progress };
  return { hostId, facts, heardBy: "", ...seen };
}
