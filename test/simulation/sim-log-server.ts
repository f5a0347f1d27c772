import { busLimits } from "../../shared/bus/bus-limits.ts";
import type { LogHead } from "../../shared/bus/log.ts";
import type { EncodedEvent } from "../../shared/bus/log-codec.ts";
import type { StreamMessage } from "../../shared/bus/nats-pull.ts";
import type { Chance } from "./chance.ts";
import { Oracle } from "./oracle.ts";
import { parseRaw, type RawEntry } from "./raw-log.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Trace } from "./trace.ts";

interface Stored extends EncodedEvent {
  readonly messageId: string;
  readonly atMs: number;
  /** When it first stood in the log, also in a part of it that is gone. */
  readonly sinceMs: number;
  readonly storedAtNs: string;
}

/** Somebody who reads the stream; told of everything new, and of the end of the connection. */
export interface Subscriber {
  nextSeq: number;
  deliver(messages: readonly StreamMessage[]): void;
  lost(): void;
}

/**
 * The log's server with all its sins: it acknowledges before it syncs, so that a loss of power takes the
 * end of the log away; it forgets which ids it has seen; it may be made anew, and answer with an old
 * head.
 */
export class SimLogServer {
  readonly host = "nats";
  up = true;
  /** 0: every append is on the disk before it is acknowledged. */
  syncIntervalMs: number;
  /** Share of questions for the head that an old one answers. */
  staleShare = 0;
  oracle = new Oracle();
  /** Counts every way in which what readers knew became untrue. */
  rollbacks = 0;
  readonly #scheduler: Scheduler;
  readonly #chance: Chance;
  readonly #trace: Trace;
  readonly #subscribers = new Set<Subscriber>();
  /** Of words that are not kept. */
  readonly #listeners = new Set<(text: string) => void>();
  readonly #acceptedEver = new Set<string>();
  /** Sweeps, and shards as `sweep shard`. */
  readonly #overEver = new Set<string>();
  /** By message id: since when it had stood in the log that lost it. */
  readonly #lostSinceMs = new Map<string, number>();
  #entries: Stored[] = [];
  #synced = 0;
  #stored = 1;
  #recent = new Map<string, { seq: number; atMs: number }>();
  #generation = 1;

  constructor(
    deps: { scheduler: Scheduler; chance: Chance; trace: Trace },
    syncIntervalMs: number,
  ) {
    this.#scheduler = deps.scheduler;
    this.#chance = deps.chance;
    this.#trace = deps.trace;
    this.syncIntervalMs = syncIntervalMs;
    this.#sync();
  }

  get createdAt(): string {
    return `generation-${this.#generation}`;
  }

  get lastSeq(): number {
    return this.#entries.length;
  }

  entry(seq: number): Stored | undefined {
    return this.#entries[seq - 1];
  }

  /** Whether the grant was ever accepted, also in a part of the log that is gone. */
  wasAccepted(grantId: string): boolean {
    return this.#acceptedEver.has(grantId);
  }

  /** Whether the shard was over at any time, also in a part of the log that is gone. */
  wasOver(sweepId: string, shardId: string): boolean {
    return this.#overEver.has(sweepId) || this.#overEver.has(`${sweepId} ${shardId}`);
  }

  append(message: EncodedEvent, messageId: string): number {
    const nowMs = this.#scheduler.nowMs;
    const seen = this.#recent.get(messageId);
    if (seen !== undefined && nowMs - seen.atMs < busLimits.dedupeWindowMs) return seen.seq;
    // No two messages have one time, as on a server whose clock only goes forward.
    const storedAtNs = `${this.#stored++}`;
    const sinceMs = this.#lostSinceMs.get(messageId) ?? nowMs;
    const { subject, payload } = message;
    this.#entries.push({ subject, payload, messageId, atMs: nowMs, sinceMs, storedAtNs });
    const seq = this.#entries.length;
    this.#recent.set(messageId, { seq, atMs: nowMs });
    if (this.syncIntervalMs === 0) this.#synced = seq;
    const raw = parseRaw(message.subject, message.payload);
    this.oracle.read(raw);
    const effect = this.oracle.effective[seq] === true ? "" : ", without effect";
    this.#trace.note("log", `${seq}: ${message.subject}${effect}`);
    if (effect === "") this.#remember(raw);
    for (const subscriber of this.#subscribers) this.#feed(subscriber);
    return seq;
  }

  /** A copy of an old message arrives; its id has long been forgotten. */
  repeat(seq: number): void {
    const old = this.entry(seq);
    if (!this.up || old === undefined) return;
    this.#recent.delete(old.messageId);
    this.append(old, old.messageId);
  }

  head(): LogHead {
    const stale = this.#chance.odds(this.staleShare);
    const lastSeq = stale ? this.#chance.whole(0, this.lastSeq) : this.lastSeq;
    return { lastSeq, createdAt: this.createdAt };
  }

  /** A word that the server hands on to whoever listens, and forgets. */
  spread(text: string): void {
    if (!this.up) return;
    for (const hear of this.#listeners) hear(text);
  }

  listen(hear: (text: string) => void): () => void {
    this.#listeners.add(hear);
    return () => this.#listeners.delete(hear);
  }

  subscribe(subscriber: Subscriber): () => void {
    this.#subscribers.add(subscriber);
    this.#feed(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }

  /** The program ends and comes back: its connections are gone, and with `power` what was not synced. */
  restart(downMs: number, { power, forget }: { power: boolean; forget: boolean }): void {
    this.#goDown(downMs);
    if (power && this.#synced < this.#entries.length) this.#truncate(this.#synced);
    if (forget) this.#recent = new Map();
  }

  /** Somebody deletes the stream and makes it anew. */
  recreate(downMs: number): void {
    this.#goDown(downMs);
    this.#generation += 1;
    this.#truncate(0);
  }

  #remember({ kind, sweep, shard, payload }: RawEntry): void {
    if (kind === "grant") this.#acceptedEver.add(payload.grant_id ?? "");
    if (kind === "closed") this.#overEver.add(`${sweep} ${shard}`);
    if (kind === "sealed" || kind === "cancelled") this.#overEver.add(sweep);
  }

  #goDown(downMs: number): void {
    this.up = false;
    for (const subscriber of this.#subscribers) subscriber.lost();
    this.#subscribers.clear();
    this.#scheduler.after(downMs, () => {
      this.up = true;
    });
  }

  #truncate(length: number): void {
    this.rollbacks += 1;
    for (const { messageId, sinceMs } of this.#entries.slice(length)) {
      this.#lostSinceMs.set(
        messageId,
        Math.min(sinceMs, this.#lostSinceMs.get(messageId) ?? sinceMs),
      );
    }
    this.#entries = this.#entries.slice(0, length);
    this.#synced = length;
    for (const [id, { seq }] of this.#recent) if (seq > length) this.#recent.delete(id);
    this.oracle = new Oracle();
    for (const { subject, payload } of this.#entries) this.oracle.read(parseRaw(subject, payload));
  }

  #feed(subscriber: Subscriber): void {
    const { nextSeq } = subscriber;
    if (nextSeq > this.#entries.length) return;
    const fresh = this.#entries.slice(nextSeq - 1);
    subscriber.nextSeq = this.#entries.length + 1;
    subscriber.deliver(
      fresh.map(({ subject, payload, storedAtNs }, n) => ({
        seq: nextSeq + n,
        subject,
        payload,
        storedAtNs,
      })),
    );
  }

  #sync(): void {
    if (this.syncIntervalMs === 0) return;
    this.#scheduler.after(this.syncIntervalMs, () => {
      if (this.up) this.#synced = this.#entries.length;
      this.#sync();
    });
  }
}
