import { EventEmitter, once } from "node:events";
import { FleetsweepError } from "../shared/domain/errors.ts";
import type { LaunchOutcome } from "../shared/domain/result.ts";
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

/** All in weights: see {@link weightOf}. */
const limits = {
  /** What waits for the store; a reader that is faster is held back. */
  queued: 8_192,
  /** One transaction: enough to spread its fsync, few enough to bound its memory. */
  batch: 2_048,
  /** Rows of planned cells that take as long to write as a result of a few hundred samples. */
  cellsPerWeight: 8,
  /** Characters of samples that do. */
  charsPerWeight: 4_096,
} as const;

/** What an entry takes of memory and time: 1 for a usual result, 8 for a plan of 64 cells, 175 for 512 KiB of samples. */
function weightOf(entry: ProjectedEntry): number {
  if ("corrupt" in entry) return 1;
  const { event, plan = [] } = entry;
  const planned = event.type === "planned" ? [event, ...plan] : plan;
  const cells = planned.reduce((sum, { cells: some }) => sum + some.length, 0);
  const chars = event.type === "result" ? sampleChars(event.result.outcome) : 0;
  return 1 + Math.floor(cells / limits.cellsPerWeight + chars / limits.charsPerWeight);
}

function sampleChars(outcome: LaunchOutcome): number {
  if (outcome.type === "failed") return 0;
  return outcome.instances.reduce(
    (sum, { samples, warmup }) => sum + samples.data.length + (warmup?.data.length ?? 0),
    0,
  );
}

/**
 * How long entries gather before they are written, unless somebody waits for them: a transaction costs some
 * 8 ms of CPU time whether it holds one entry or a hundred (`npm run bench:ceilings`).
 */
const lingerMs = 200;

interface Weighed {
  readonly entry: ProjectedEntry;
  readonly weight: number;
}

/** Feeds the store with batches, in order, one transaction at a time. */
export class Projector {
  readonly #store: ProjectionWriter;
  readonly #sleep: Clock["sleep"];
  readonly #onProjected: (entries: readonly ProjectedEntry[]) => void;
  readonly #events = new EventEmitter().setMaxListeners(0);
  #queue: Weighed[] = [];
  #queuedWeight = 0;
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
    const weight = weightOf(entry);
    this.#queue.push({ entry, weight });
    this.#queuedWeight += weight;
    this.#events.emit("offered");
    while (this.#queuedWeight >= limits.queued) await once(this.#events, "projected", { signal });
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
    // Not AbortSignal.any: Node 20 keeps some bytes of every such signal for as long as `signal` lives.
    const enough = new AbortController();
    const hurry = (): void => enough.abort();
    this.#hurry = hurry;
    signal.addEventListener("abort", hurry, { once: true });
    try {
      await this.#sleep(lingerMs, enough.signal);
    } catch (error) {
      if (!enough.signal.aborted || signal.aborted) throw error;
    } finally {
      signal.removeEventListener("abort", hurry);
    }
  }

  /** One entry at the least, however heavy it is. */
  #nextBatch(): readonly Weighed[] {
    let weight = 0;
    const end = this.#queue.findIndex((next) => {
      weight += next.weight;
      return weight > limits.batch;
    });
    return this.#queue.slice(0, end < 0 ? this.#queue.length : Math.max(1, end));
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
      if (this.#queuedWeight < limits.batch) await this.#linger(signal);
      const batch = this.#nextBatch();
      const entries = batch.map(({ entry }) => entry);
      await this.#store.apply(entries);
      this.#queue = this.#queue.slice(batch.length);
      for (const { weight } of batch) this.#queuedWeight -= weight;
      this.#onProjected(entries);
      this.#events.emit("projected");
    }
  }
}
