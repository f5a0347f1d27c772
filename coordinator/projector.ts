import { EventEmitter, once } from "node:events";
import { FleetsweepError } from "../shared/domain/errors.ts";
import type { Clock } from "../shared/runtime/clock.ts";
import type { ProjectedEntry } from "./store/rows.ts";

/** What the projector needs of the store. */
export interface ProjectionWriter {
  /** The last sequence number that the store holds. */
  readonly cursor: number;
  /** The identity of that entry; null where it is not known. */
  readonly cursorStoredAt?: string | null;
  /** Writes the entries and the cursor in one durable transaction. */
  apply(entries: readonly ProjectedEntry[]): Promise<void>;
}

/** Entries that wait for the store; a reader that is faster is held back. */
const maxQueuedEntries = 4096;
/** Entries of one transaction: enough to spread its fsync, few enough to bound its memory. */
const maxBatchEntries = 1024;

/**
 * How long entries gather before they are written, unless somebody waits for them: a transaction costs some
 * 8 ms of CPU time whether it holds one entry or a hundred (`npm run bench:ceilings`).
 */
const lingerMs = 200;

/** Feeds the store with batches, in order, one transaction at a time. */
export class Projector {
  readonly #store: ProjectionWriter;
  readonly #sleep: Clock["sleep"];
  readonly #onProjected: (entries: readonly ProjectedEntry[]) => void;
  readonly #events = new EventEmitter().setMaxListeners(0);
  #queue: ProjectedEntry[] = [];
  /** How many wait for an entry to be written. */
  #awaiting = 0;
  /** Ends the wait for more entries. */
  #hurry = (): void => {};

  /** `onProjected` learns of every batch once it is durable. */
  constructor(
    deps: { readonly store: ProjectionWriter; readonly sleep: Clock["sleep"] },
    onProjected: (entries: readonly ProjectedEntry[]) => void,
  ) {
    this.#store = deps.store;
    this.#sleep = deps.sleep;
    this.#onProjected = onProjected;
  }

  /** The last sequence number that the store holds durably. */
  get cursor(): number {
    return this.#store.cursor;
  }

  /**
   * Queues an entry; waits while the queue is full. What the store already holds is passed over.
   * @throws FleetsweepError log.corrupt where the store's last entry was another one: the log lost its end
   *   and grew again while nobody read it.
   */
  async offer(entry: ProjectedEntry, signal: AbortSignal): Promise<void> {
    if (entry.seq === this.#store.cursor) this.#checkSame(entry);
    if (entry.seq <= this.#store.cursor) return;
    this.#queue.push(entry);
    this.#events.emit("offered");
    while (this.#queue.length >= maxQueuedEntries)
      await once(this.#events, "projected", { signal });
  }

  /** Resolves once the store holds everything up to `seq`. */
  async reached(seq: number, signal: AbortSignal): Promise<void> {
    this.#awaiting += 1;
    this.#hurry();
    try {
      while (this.#store.cursor < seq) await once(this.#events, "projected", { signal });
    } finally {
      this.#awaiting -= 1;
    }
  }

  async #linger(signal: AbortSignal): Promise<void> {
    if (this.#awaiting > 0) return;
    const enough = new AbortController();
    this.#hurry = () => enough.abort();
    try {
      await this.#sleep(lingerMs, AbortSignal.any([signal, enough.signal]));
    } catch (error) {
      if (!enough.signal.aborted || signal.aborted) throw error;
    }
  }

  #checkSame({ seq, storedAt }: ProjectedEntry): void {
    const known = this.#store.cursorStoredAt ?? storedAt;
    if (storedAt === undefined || known === storedAt) return;
    throw new FleetsweepError(
      "log.corrupt",
      `entry ${seq} of the log is another than the projection was made from: the log's end was lost`,
    );
  }

  /** Writes until the signal aborts; throws what the store throws. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (this.#queue.length === 0) await once(this.#events, "offered", { signal });
      if (this.#queue.length < maxBatchEntries) await this.#linger(signal);
      const batch = this.#queue.slice(0, maxBatchEntries);
      await this.#store.apply(batch);
      this.#queue = this.#queue.slice(batch.length);
      this.#onProjected(batch);
      this.#events.emit("projected");
    }
  }
}
