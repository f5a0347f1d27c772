import type { PeerChannel } from "../shared/bus/peer-channel.ts";
import {
  decodePeerWord,
  encodePeerWord,
  type FactsWord,
  type PeerWord,
  peerLimits,
  type Sighting,
  type SightingsWord,
} from "../shared/bus/peer-word.ts";
import type { Digest } from "../shared/domain/cell.ts";
import { heartbeatIntervalMs } from "../shared/rpc/protocol.ts";
import type { Logger } from "../shared/runtime/logger.ts";
import type { KnownHost } from "./known-host.ts";
import { readHostFacts } from "./rpc/host-facts.ts";
import type { HostFacts, HostSession, Sessions } from "./sessions.ts";

export interface PeersDeps {
  readonly channel: PeerChannel;
  readonly sessions: Sessions;
  /** Random for every start. */
  readonly coordinatorId: string;
  /** Where this coordinator listens, for people. */
  readonly address: () => string;
  readonly digest: Digest;
  readonly logger: Logger;
  /** Wall clock. */
  readonly nowMs: () => number;
  /** Told of facts that came from a peer. */
  readonly keep: (facts: HostFacts, observedAtMs: number) => void;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

const limits = {
  /** As often as agents say that they are there. */
  intervalMs: heartbeatIntervalMs,
  /** Three words missed: the peer is away, and with it the hosts that it alone hears. */
  silentAfterMs: 3 * heartbeatIntervalMs,
  /** A peer that is away for so long is forgotten. */
  forgottenAfterMs: 3_600_000,
  /** Coordinators of one log; more than that are none. */
  peers: 64,
  /** Hosts of one peer. */
  hosts: 100_000,
  /** Of hosts that peers alone hear: a coordinator that begins hears most hosts by itself a moment later. */
  factsAskedPerStep: 16,
  /** Facts of 20 kB take some 0.1 ms. */
  digestsPerStep: 512,
} as const;

interface Peer {
  address: string;
  heardMs: number;
  readonly hosts: Map<string, { readonly sighting: Sighting; readonly atMs: number }>;
}

/**
 * What the other coordinators of the log hear of hosts, and they of this one. It is shown to operators,
 * planned with, and makes a coordinator patient with a host that does not reach it; whether anything counts
 * never depends on it, so a word that is lost or late costs nothing but time.
 */
export class Peers {
  readonly #deps: PeersDeps;
  readonly #peers = new Map<string, Peer>();
  readonly #facts = new Map<string, { readonly factsId: string; readonly facts: HostFacts }>();
  readonly #factsIds = new WeakMap<HostFacts, string>();

  constructor(deps: PeersDeps) {
    this.#deps = deps;
  }

  /** Runs until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = this.#deps.channel.hear((text) => this.#heard(text));
    try {
      for (;;) {
        this.step();
        await this.#deps.sleep(limits.intervalMs, signal);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      stop();
    }
  }

  /** Hosts that some peer knows. */
  hostIds(): Iterable<string> {
    return [...this.#peers.values()].flatMap(({ hosts }) => [...hosts.keys()]);
  }

  /** The host as the peer sees it that hears it, or did so last. */
  get(hostId: string): KnownHost | undefined {
    let best: KnownHost | undefined;
    for (const peer of this.#peers.values()) {
      const found = this.#seenBy(peer, hostId);
      if (found !== undefined && (best === undefined || isBetter(found, best))) best = found;
    }
    return best;
  }

  /** Whether a peer that is there says that the host takes work. */
  isReady(hostId: string): boolean {
    return [...this.#peers.values()].some((peer) => {
      const seen = peer.hosts.get(hostId);
      return seen?.sighting.ready === true && this.#isFresh(seen.atMs);
    });
  }

  /** Says once what there is to say. */
  step(): void {
    const nowMs = this.#deps.nowMs();
    for (const [id, { heardMs }] of this.#peers) {
      if (nowMs - heardMs > limits.forgottenAfterMs) this.#forget(id);
    }
    const isHeard = [...this.#peers.values()].some(({ heardMs }) => this.#isFresh(heardMs));
    // To nobody, that one is there is enough.
    this.#tellSightings(isHeard ? this.#deps.sessions.all() : []);
    if (isHeard) this.#askForFacts();
  }

  #forget(peerId: string): void {
    this.#peers.delete(peerId);
    const seen = new Set(this.hostIds());
    for (const hostId of this.#facts.keys()) if (!seen.has(hostId)) this.#facts.delete(hostId);
  }

  #tellSightings(sessions: readonly HostSession[]): void {
    const { coordinatorId: from, address } = this.#deps;
    let digests = limits.digestsPerStep;
    const sightings = sessions.map((session) => {
      const known = this.#factsIds.get(session.facts);
      if (known === undefined) digests -= 1;
      return this.#describe(session, known ?? (digests < 0 ? "" : this.#factsIdOf(session.facts)));
    });
    for (let start = 0; start === 0 || start < sightings.length; start += peerLimits.sightings) {
      const some = sightings.slice(start, start + peerLimits.sightings);
      this.#tell({ type: "sightings", from, address: address(), sightings: some });
    }
  }

  #describe(session: HostSession, factsId: string): Sighting {
    const { facts, connected, state, refusal, spoolDepth, spoolBytes, lastSeenMs } = session;
    const { hostId } = facts;
    const { sweepId, cellId, launch, phase } = session.progress ?? {};
    const isAtWork = connected && sweepId !== undefined && cellId !== undefined;
    return {
      hostId,
      factsId,
      connected,
      ready: this.#deps.sessions.ready(hostId) === session,
      state,
      refusal,
      spoolDepth,
      spoolBytes,
      seenAgoMs: Math.max(0, this.#deps.nowMs() - lastSeenMs),
      progress: isAtWork ? { sweepId, cellId, launch: launch ?? 0, phase: phase ?? "" } : null,
    };
  }

  #factsIdOf(facts: HostFacts): string {
    const { digest } = this.#deps;
    const factsId = this.#factsIds.get(facts) ?? digest(JSON.stringify(facts));
    this.#factsIds.set(facts, factsId);
    return factsId;
  }

  /** What this coordinator knows itself it needs not ask for. */
  #askForFacts(): void {
    const { coordinatorId: from, sessions } = this.#deps;
    let left: number = limits.factsAskedPerStep;
    for (const [of, { hosts }] of this.#peers) {
      for (const [hostId, { sighting, atMs }] of hosts) {
        const { factsId, connected } = sighting;
        const known = this.#facts.get(hostId)?.factsId;
        if (factsId === "" || known === factsId || !connected || !this.#isFresh(atMs)) continue;
        if (sessions.get(hostId)?.connected === true) continue;
        this.#tell({ type: "facts-wanted", from, of, hostId });
        left -= 1;
        if (left === 0) return;
      }
    }
  }

  #heard(text: string): void {
    const word = decodePeerWord(text);
    if (word === null || word.from === this.#deps.coordinatorId) return;
    switch (word.type) {
      case "sightings":
        this.#sighted(word);
        return;
      case "facts-wanted":
        if (word.of === this.#deps.coordinatorId) this.#answer(word.hostId);
        return;
      case "facts":
        this.#learned(word);
        return;
    }
  }

  #sighted({ from, address, sightings }: SightingsWord): void {
    const nowMs = this.#deps.nowMs();
    const known = this.#peers.get(from);
    if (known === undefined && !this.#hasRoom()) return;
    const peer = known ?? { address, heardMs: nowMs, hosts: new Map() };
    Object.assign(peer, { address, heardMs: nowMs });
    this.#peers.set(from, peer);
    for (const sighting of sightings) {
      const { hostId } = sighting;
      if (!peer.hosts.has(hostId) && peer.hosts.size >= limits.hosts) continue;
      peer.hosts.set(hostId, { sighting, atMs: nowMs });
    }
    if (known !== undefined) return;
    this.#deps.logger.info({ peer: address }, "another coordinator of this log is there");
    // It has just begun, and need not wait for the next step.
    this.step();
  }

  /** One that is started again and again is another peer each time. */
  #hasRoom(): boolean {
    if (this.#peers.size < limits.peers) return true;
    const [oldest] = [...this.#peers].sort(([, a], [, b]) => a.heardMs - b.heardMs);
    if (oldest === undefined || this.#isFresh(oldest[1].heardMs)) return false;
    this.#forget(oldest[0]);
    return true;
  }

  #answer(hostId: string): void {
    const session = this.#deps.sessions.get(hostId);
    if (session === undefined) return;
    const { agentVersion, topology, runners, labels } = session.facts;
    this.#tell({
      type: "facts",
      from: this.#deps.coordinatorId,
      hostId,
      factsId: this.#factsIdOf(session.facts),
      agentVersion,
      topologyJson: JSON.stringify(topology),
      runners: runners.map((runner) => ({
        name: runner.name,
        declarationJson: JSON.stringify(runner),
      })),
      labels,
    });
  }

  #learned({ factsId, hostId, agentVersion, topologyJson, runners, labels }: FactsWord): void {
    const { logger, keep, nowMs } = this.#deps;
    // Nobody asked for what no peer sees.
    if (this.get(hostId) === undefined || this.#facts.get(hostId)?.factsId === factsId) return;
    try {
      const facts = readHostFacts({ hostId, agentVersion, topologyJson, runners, labels });
      this.#facts.set(hostId, { factsId, facts });
      keep(facts, nowMs());
    } catch (error) {
      logger.warn({ err: error, host_id: hostId }, "a peer's facts of a host cannot be read");
    }
  }

  #tell(word: PeerWord): void {
    try {
      this.#deps.channel.tell(encodePeerWord(word));
    } catch (error) {
      this.#deps.logger.warn({ err: error, word: word.type }, "a word to the peers was not sent");
    }
  }

  #seenBy(peer: Peer, hostId: string): KnownHost | undefined {
    const seen = peer.hosts.get(hostId);
    if (seen === undefined) return undefined;
    const { sighting, atMs } = seen;
    const { state, refusal, spoolDepth, spoolBytes, seenAgoMs, progress } = sighting;
    const said = { state, refusal, spoolDepth, spoolBytes, progress };
    return {
      ...said,
      hostId,
      facts: this.#facts.get(hostId)?.facts ?? null,
      connected: sighting.connected && this.#isFresh(atMs),
      lastSeenMs: atMs - seenAgoMs,
      heardBy: peer.address,
    };
  }

  #isFresh(atMs: number): boolean {
    return this.#deps.nowMs() - atMs <= limits.silentAfterMs;
  }
}

function isBetter(one: KnownHost, other: KnownHost): boolean {
  if (one.connected !== other.connected) return one.connected;
  return one.lastSeenMs > other.lastSeenMs;
}
