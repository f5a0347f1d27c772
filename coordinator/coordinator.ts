import { EventEmitter, once, setMaxListeners } from "node:events";
import type { CorruptEntry, Log, LogEntry } from "../shared/bus/log.ts";
import { FleetsweepError } from "../shared/domain/errors.ts";
import { applyEvent, type Change, emptyLogState, type LogState } from "../shared/domain/fold.ts";
import type { GrantedShard, Shard } from "../shared/domain/shard.ts";
import { toAssign } from "../shared/rpc/assignment-codec.ts";
import type { Logger } from "../shared/runtime/logger.ts";
import { toAssignment } from "./logic/assignment.ts";
import { overdueSweeps } from "./logic/overdue-sweeps.ts";
import { type ShardRef, WorkIndex } from "./logic/work-index.ts";
import { type ProjectionWriter, Projector } from "./projector.ts";
import { Proposals } from "./proposals.ts";
import { type AttemptReader, Releases } from "./releases.ts";
import type { HostSession, Sessions } from "./sessions.ts";
import type { HostSnapshot } from "./store/projection.ts";

export interface CoordinatorDeps {
  readonly log: Log;
  readonly store: ProjectionWriter & AttemptReader & HostKeeper;
  readonly sessions: Sessions;
  readonly logger: Logger;
  readonly randomId: () => string;
  /** Wall clock. */
  readonly nowMs: () => number;
  /** Resolves after so many milliseconds, or rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Where the last facts of every host are kept, for reports. */
export interface HostKeeper {
  putHost(host: HostSnapshot): Promise<void>;
}

/** How often everything is looked at again: the retry of a proposal that the log did not take. */
const tickMs = 1000;

/**
 * Folds the log and proposes what follows from it: grants for idle hosts, closes, seals. It holds no
 * state of its own: a proposal takes effect when it is read back, whoever made it, and any number
 * of coordinators may propose at once.
 */
export class Coordinator {
  readonly state: LogState = emptyLogState();
  readonly #deps: CoordinatorDeps;
  readonly #index = new WorkIndex();
  readonly #projector: Projector;
  readonly #proposals: Proposals;
  readonly #releases: Releases;
  readonly #events = new EventEmitter().setMaxListeners(0);
  #lastSeq = 0;
  #caughtUp = false;

  constructor(deps: CoordinatorDeps) {
    this.#deps = deps;
    this.#proposals = new Proposals(deps);
    this.#releases = new Releases({ ...deps, state: this.state });
    this.#projector = new Projector(deps, (batch) => this.#releases.projected(batch));
  }

  /** Whether everything that stood in the log at the start has been folded. */
  get caughtUp(): boolean {
    return this.#caughtUp;
  }

  /** Runs until the signal aborts; throws what makes going on impossible. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    const running = AbortSignal.any([signal, stop.signal]);
    // Every operator who waits listens for the end, so many listeners are no leak.
    setMaxListeners(0, running, signal);
    const loops = [this.#readLog(running), this.#projector.run(running), this.#tick(running)];
    try {
      await Promise.race(loops);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      stop.abort();
      await Promise.allSettled(loops);
    }
  }

  /** Resolves once the log has been folded up to `seq`. */
  async folded(seq: number, signal: AbortSignal): Promise<void> {
    while (this.#lastSeq < seq) await once(this.#events, "folded", { signal });
  }

  /** Resolves once the store holds everything that has been folded. */
  async projected(signal: AbortSignal): Promise<void> {
    await this.#projector.reached(this.#lastSeq, signal);
  }

  /** A host connected: it gets its grants again, its withdrawals and its releases. */
  attached(session: HostSession): void {
    this.#deps.sessions.attach(session);
    this.factsChanged(session);
    if (this.#caughtUp) this.#reconcile(session);
  }

  /** A host said what it is, or that something about it changed. */
  factsChanged(session: HostSession): void {
    const { runners, ...facts } = session.facts;
    const snapshot = {
      ...facts,
      runnersJson: JSON.stringify(runners),
      observedAtMs: session.lastSeenMs,
    };
    this.#deps.store.putHost(snapshot).catch((error: unknown) => {
      this.#deps.logger.warn(
        { err: error, host_id: facts.hostId },
        "could not keep a host's facts",
      );
    });
  }

  /** A heartbeat named what is in the spool. */
  spooled(session: HostSession): void {
    if (this.#caughtUp) this.#releases.spooled(session);
  }

  /** The agent cannot work on the grant: the shard opens again, and the host gets no other. */
  refused(session: HostSession, grantId: string, reason: string): void {
    session.refusal = reason;
    const shard = this.#grantsOf(session.facts.hostId).find((held) => held.grantId === grantId);
    if (shard === undefined) return;
    const { sweepId, shardId } = shard;
    const event = { type: "revoke", sweepId, shardId, grantId, reason } as const;
    this.#proposals.propose(event, `revoke.${grantId}`);
  }

  async #readLog(signal: AbortSignal): Promise<void> {
    const { lastSeq } = await this.#deps.log.head();
    if (lastSeq === 0) this.#catchUp();
    for await (const entry of this.#deps.log.read({ fromSeq: 1, signal })) {
      if ("corrupt" in entry) await this.#report(entry, signal);
      else await this.#take(entry, signal);
      if (!this.#caughtUp && entry.seq >= lastSeq) this.#catchUp();
    }
    if (!signal.aborted) throw new FleetsweepError("bus.unavailable", "the log ended while read");
  }

  async #take({ seq, event }: LogEntry, signal: AbortSignal): Promise<void> {
    const change = applyEvent(this.state, event);
    this.#lastSeq = seq;
    this.#index.note(this.state, change);
    this.#proposals.readBack(seq);
    this.#events.emit("folded");
    await this.#projector.offer({ seq, ...change }, signal);
    if (this.#caughtUp && change.ignored === null) this.#react(change);
  }

  /** A malformed entry changes nothing, for any reader; it is shown. */
  async #report(entry: CorruptEntry, signal: AbortSignal): Promise<void> {
    this.#deps.logger.error(entry, "an entry of the log is malformed");
    this.#lastSeq = entry.seq;
    await this.#projector.offer(entry, signal);
  }

  #catchUp(): void {
    this.#caughtUp = true;
    this.#deps.logger.info({ last_seq: this.#lastSeq }, "the log is folded");
    for (const session of this.#deps.sessions.all()) this.#reconcile(session);
    this.#finish();
  }

  /** After every connection: what the log says and what the agent holds are made one again. */
  #reconcile(session: HostSession): void {
    const granted = this.#grantsOf(session.facts.hostId);
    for (const grantId of session.heldGrantIds) {
      if (!granted.some((shard) => shard.grantId === grantId)) {
        session.push({ withdraw: { grantId, reason: "the grant is not current" } });
      }
    }
    for (const shard of granted) this.#assign(session, shard);
    this.#dispatch(session.facts.hostId);
    this.#releases.spooled(session);
  }

  async #tick(signal: AbortSignal): Promise<void> {
    for (;;) {
      await this.#deps.sleep(tickMs, signal);
      for (const session of this.#deps.sessions.all()) this.#dispatch(session.facts.hostId);
      this.#finish();
      this.#cancelOverdue();
    }
  }

  #cancelOverdue(): void {
    if (!this.#caughtUp) return;
    for (const { sweepId, reason } of overdueSweeps(this.state, this.#deps.nowMs())) {
      this.#proposals.propose({ type: "cancelled", sweepId, reason }, `cancel.${sweepId}`);
    }
  }

  /** What follows from one accepted change. */
  #react({ event }: Change): void {
    const sweep = this.state.sweeps.get(event.sweepId);
    if (sweep === undefined) return;
    if ("shardId" in event) {
      const shard = sweep.shards.get(event.shardId);
      if (shard !== undefined) this.#reactToShard(event.type, shard);
      return;
    }
    const shards = [...sweep.shards.values()];
    if (event.type === "cancelled") {
      for (const shard of shards) this.#withdraw(shard, "the sweep was cancelled");
    }
    for (const hostId of new Set(shards.map((shard) => shard.hostId))) this.#dispatch(hostId);
    this.#finish();
  }

  #reactToShard(type: Change["event"]["type"], shard: Shard): void {
    const session = this.#deps.sessions.get(shard.hostId);
    if (shard.state === "granted" && type === "grant" && session !== undefined) {
      this.#assign(session, shard);
    }
    if (type === "revoke" && shard.lastGrantId !== null) {
      session?.push({ withdraw: { grantId: shard.lastGrantId, reason: "the grant was revoked" } });
    }
    if (type === "closed" || shard.remaining === 0) this.#finish();
    if (type !== "result" || shard.remaining === 0) this.#dispatch(shard.hostId);
  }

  /** Proposes the host's next grant where it has none. */
  #dispatch(hostId: string): void {
    if (!this.#caughtUp || this.#deps.sessions.ready(hostId) === undefined) return;
    if (this.#index.granted(hostId).length > 0) return;
    const next = this.#index.nextOpen(hostId);
    const shard = next === undefined ? undefined : this.#shard(next);
    if (shard === undefined) return;
    const { sweepId, shardId, lastGrantId: prev } = shard;
    const grantId = this.#deps.randomId();
    const event = { type: "grant", sweepId, shardId, grantId, hostId, prev } as const;
    this.#proposals.propose(event, `grant.${sweepId}.${shardId}.${prev ?? ""}`);
  }

  #finish(): void {
    if (!this.#caughtUp) return;
    for (const ref of this.#index.complete()) {
      this.#proposals.propose({ type: "closed", ...ref }, `close.${ref.sweepId}.${ref.shardId}`);
    }
    for (const sweepId of this.#index.sealable()) {
      this.#proposals.propose({ type: "sealed", sweepId }, `seal.${sweepId}`);
    }
  }

  #assign(session: HostSession, shard: GrantedShard): void {
    const method = this.state.sweeps.get(shard.sweepId)?.submitted?.method;
    if (method !== undefined) session.push({ assign: toAssign(toAssignment(shard, method)) });
  }

  #withdraw(shard: Shard, reason: string): void {
    if (shard.state !== "granted") return;
    const withdraw = { grantId: shard.grantId, reason };
    this.#deps.sessions.get(shard.hostId)?.push({ withdraw });
  }

  #grantsOf(hostId: string): readonly GrantedShard[] {
    const shards = this.#index.granted(hostId).map((ref) => this.#shard(ref));
    return shards.filter((shard) => shard?.state === "granted");
  }

  #shard({ sweepId, shardId }: ShardRef): Shard | undefined {
    return this.state.sweeps.get(sweepId)?.shards.get(shardId);
  }
}
