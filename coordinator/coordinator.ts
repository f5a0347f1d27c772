import { EventEmitter, once, setMaxListeners } from "node:events";
import type { CorruptEntry, LogEntry } from "../shared/bus/log.ts";
import { FleetsweepError } from "../shared/domain/errors.ts";
import { applyEvent, type Change, emptyLogState, type LogState } from "../shared/domain/fold.ts";
import type { Shard, ShardEvent } from "../shared/domain/shard.ts";
import { forEachSteps } from "../shared/domain/steps.ts";
import { heartbeatIntervalMs } from "../shared/rpc/protocol.ts";
import { doInTurns } from "../shared/runtime/do-in-turns.ts";
import type { CoordinatorDeps } from "./coordinator-deps.ts";
import { Endings } from "./endings.ts";
import { Grants } from "./grants.ts";
import { keepFacts } from "./keep-facts.ts";
import { decideHosts, type Proposal } from "./logic/decide-hosts.ts";
import type { FleetFigures } from "./logic/fleet-metrics.ts";
import { heartbeatPace, isOffPace } from "./logic/heartbeat-pace.ts";
import { overdueSweeps, toCancellation } from "./logic/overdue-sweeps.ts";
import { WorkIndex } from "./logic/work-index.ts";
import { Presence } from "./presence.ts";
import { Projector } from "./projector.ts";
import { Proposals } from "./proposals.ts";
import { Reconciler } from "./reconciler.ts";
import { Releases } from "./releases.ts";
import type { HostSession, Refusal } from "./sessions.ts";
import { TuneDriver } from "./tune-driver.ts";

/** How often everything is looked at again: the retry of a proposal that the log did not take. */
const tickMs = 1000;
/** Of ten thousand hosts, before everything else that waits has its turn. */
const attendedAtOnce = 512;

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
  readonly #endings: Endings;
  readonly #releases: Releases;
  readonly grants: Grants;
  readonly #reconciler: Reconciler;
  readonly tunes: TuneDriver;
  readonly #events = new EventEmitter().setMaxListeners(0);
  readonly #entries = new Map<string, number>();
  #presence: Presence;
  #running: AbortSignal = AbortSignal.abort();
  #lastSeq = 0;
  #caughtUp = false;

  constructor(deps: CoordinatorDeps) {
    this.#deps = deps;
    this.#proposals = new Proposals(deps);
    this.#presence = new Presence(deps);
    const fold = { state: this.state, index: this.#index, proposals: this.#proposals };
    this.grants = new Grants({ ...deps, ...fold });
    this.#endings = new Endings(fold);
    this.tunes = new TuneDriver({
      state: this.state,
      proposals: this.#proposals,
      isReady: (hostId) => deps.sessions.ready(hostId) !== undefined,
      nowMs: deps.nowMs,
    });
    this.#releases = new Releases({ ...deps, state: this.state });
    this.#reconciler = new Reconciler({
      ...deps,
      state: this.state,
      grants: this.grants,
      releases: this.#releases,
      folded: (seq) => this.folded(seq, this.#running),
    });
    this.#projector = new Projector(deps, (batch) => this.#releases.projected(batch));
  }

  /** Whether everything that stood in the log at the start has been folded. */
  get caughtUp(): boolean {
    return this.#caughtUp;
  }

  /** How often every host is to say that it is there, in ms. */
  get heartbeatMs(): number {
    return heartbeatPace(this.#deps.sessions.size, heartbeatIntervalMs);
  }

  /** What its metrics rest on. */
  figures(): FleetFigures {
    const hosts = this.#deps.sessions.all().map(({ facts, ...rest }) => ({
      ...rest,
      hostId: facts.hostId,
    }));
    const { cursor: projectedSeq } = this.#projector;
    return {
      state: this.state,
      hosts,
      foldedSeq: this.#lastSeq,
      projectedSeq,
      entries: this.#entries,
    };
  }

  /** Runs until the signal aborts; throws what makes going on impossible. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    const running = AbortSignal.any([signal, stop.signal]);
    // Every operator who waits listens for the end, so many listeners are no leak.
    setMaxListeners(0, running, signal);
    this.#running = running;
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

  /**
   * A host connected. What the log says and what its agent holds are made one again before it gets any work.
   * @throws FleetsweepError state.locked where the host has another agent.
   */
  attached(session: HostSession): void {
    this.#deps.sessions.attach(session);
    this.factsChanged(session);
    if (this.#caughtUp) this.#reconciler.begin(session);
  }

  /** A host said what it is, or that something about it changed. */
  factsChanged(session: HostSession): void {
    keepFacts(this.#deps, session.facts, session.lastSeenMs);
  }

  /** A heartbeat named what is in the spool. */
  spooled(session: HostSession): void {
    if (!session.reconciled) return;
    this.#releases.spooled(session);
    this.grants.handBack(session);
    this.grants.dispatch(session.facts.hostId);
  }

  /** The agent gives a grant back: the shard opens again. A host that cannot work on it gets no other. */
  refused(session: HostSession, { grantId, code, reason }: Refusal): void {
    if (code !== handedBack) session.refusal = reason;
    const shard = this.grants.of(session.facts.hostId).find((held) => held.grantId === grantId);
    if (shard === undefined) return;
    const { sweepId, shardId } = shard;
    const event = { type: "revoke", sweepId, shardId, grantId, reason } as const;
    this.#proposals.propose(event, `revoke.${grantId}`);
  }

  async #readLog(signal: AbortSignal): Promise<void> {
    const { log, bound: known } = this.#deps;
    const { lastSeq } = await log.head();
    if (lastSeq === 0) this.#catchUp();
    for await (const entry of log.read({ fromSeq: 1, signal, known })) {
      if ("corrupt" in entry) await this.#report(entry, signal);
      else await this.#take(entry, signal);
      if (!this.#caughtUp && entry.seq >= lastSeq) this.#catchUp();
    }
    if (!signal.aborted) throw new FleetsweepError("bus.unavailable", "the log ended while read");
  }

  async #take({ seq, storedAt, event }: LogEntry, signal: AbortSignal): Promise<void> {
    const change = applyEvent(this.state, event);
    this.#index.note(this.state, change);
    const key = `${event.type} ${change.ignored === null ? "accepted" : "ignored"}`;
    this.#entries.set(key, (this.#entries.get(key) ?? 0) + 1);
    if (this.#caughtUp) this.#presence.noted(change);
    this.#passed(seq);
    await this.#projector.offer({ seq, storedAt, ...change }, signal);
    if (this.#caughtUp && change.ignored === null) this.#react(change);
  }

  /** A malformed entry changes nothing, for any reader; it is shown. */
  async #report(entry: CorruptEntry, signal: AbortSignal): Promise<void> {
    this.#deps.logger.error(entry, "an entry of the log is malformed");
    this.#passed(entry.seq);
    await this.#projector.offer(entry, signal);
  }

  #passed(seq: number): void {
    this.#lastSeq = seq;
    this.#proposals.readBack(seq);
    this.#events.emit("folded");
  }

  #catchUp(): void {
    this.#caughtUp = true;
    this.#presence = new Presence(this.#deps);
    this.#deps.logger.info({ last_seq: this.#lastSeq }, "the log is folded");
    for (const session of this.#deps.sessions.all()) this.#reconciler.begin(session);
    this.#endings.all();
  }

  /** The head that was seen at the start may be lost since. A bus that is away is asked again. */
  async #askHead(): Promise<void> {
    const head = await this.#deps.log.head().catch(() => null);
    if (head !== null && this.#lastSeq >= head.lastSeq && !this.#caughtUp) this.#catchUp();
  }

  async #tick(signal: AbortSignal): Promise<void> {
    for (;;) {
      await this.#deps.sleep(tickMs, signal);
      if (!this.#caughtUp) {
        await this.#askHead();
        continue;
      }
      const sessions = this.#deps.sessions.all();
      await doInTurns(forEachSteps(sessions, attendedAtOnce, (session) => this.#attend(session)));
      this.#endings.all();
      this.#propose(overdueSweeps(this.state, this.#deps.nowMs()).map(toCancellation));
      this.#watchHosts();
      this.tunes.considerAll();
    }
  }

  #attend(session: HostSession): void {
    this.#reconciler.begin(session);
    this.grants.attend(session);
    const dueMs = this.heartbeatMs;
    if (session.connected && isOffPace(session.heartbeatMs, dueMs)) session.setPace(dueMs);
  }

  #watchHosts(): void {
    const { state } = this;
    const presence = this.#presence;
    const isBlamed = (hostId: string) => state.hosts.get(hostId)?.cordon?.by === "coordinator";
    presence.look(this.#index.hosts(), isBlamed);
    const { nowMs, policy } = this.#deps;
    const view = { state, index: this.#index, nowMs: nowMs(), policy };
    this.#propose(decideHosts({ ...view, presence: (hostId) => presence.of(hostId) }));
  }

  #propose(proposals: readonly Proposal[]): void {
    for (const { event, key } of proposals) this.#proposals.propose(event, key);
  }

  /** What follows from one accepted change. */
  #react({ event }: Change): void {
    if (event.type === "rollback") this.#reconciler.announceLog();
    if (event.type === "cordoned" || event.type === "uncordoned") {
      const session = this.#deps.sessions.ready(event.hostId);
      if (session !== undefined) this.grants.handBack(session);
      this.grants.dispatch(event.hostId);
    }
    const sweep = this.state.sweeps.get(event.sweepId);
    if (sweep === undefined) return;
    if ("shardId" in event) {
      const shard = sweep.shards.get(event.shardId);
      if (event.type === "planned") this.grants.dispatch(event.hostId);
      else if (shard !== undefined && event.type !== "candidates") this.#reactToShard(event, shard);
      this.tunes.consider(sweep);
      return;
    }
    const shards = [...sweep.shards.values()];
    if (event.type === "cancelled") {
      for (const shard of shards) this.grants.withdraw(shard, "the sweep was cancelled");
    }
    for (const hostId of new Set(shards.map((shard) => shard.hostId))) this.grants.dispatch(hostId);
    this.#endings.all();
    this.tunes.consider(sweep);
  }

  #reactToShard(event: ShardEvent, shard: Shard): void {
    const { type } = event;
    if (type === "grant") this.grants.assign(shard);
    if (type === "revoke" || type === "abandoned") {
      this.grants.withdrawLast(shard, event.reason);
    }
    if (type === "quarantined" && shard.state === "granted") {
      // The agent has the cell in its list: a new grant comes without it.
      const { sweepId, shardId, grantId } = shard;
      const reason = `cell ${event.cellId} was quarantined`;
      this.#propose([
        { event: { type: "revoke", sweepId, shardId, grantId, reason }, key: `revoke.${grantId}` },
      ]);
    }
    if (shard.state === "closed") this.#endings.seal();
    else if (shard.remaining === 0) this.#endings.close(shard);
    if (type !== "result" || shard.remaining === 0) this.grants.dispatch(shard.hostId);
  }
}

/** The code with which an agent gives back what it was asked for. */
const handedBack = "handed-back";
