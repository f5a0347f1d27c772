import type { Log } from "../../shared/bus/log.ts";
import { type Backoff, backoffMs } from "../../shared/domain/backoff.ts";
import { pause } from "../../shared/runtime/sleep.ts";
import type { Spool } from "./spool.ts";

export interface SpoolPublisherOptions {
  readonly spool: Spool;
  readonly log: Pick<Log, "appendEncoded">;
  /** The cell that an attempt is at, by any name; each by itself where the attempt is not known. */
  readonly cellOf: (attemptId: string) => string;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Waits `ms`, or less where the signal aborts. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Told of every failure that is tried again, in words for people. */
  readonly onTrouble: (attemptId: string, error: unknown) => void;
}

export interface SpoolPublisher {
  /** Publishes all that is pending and all that comes, until the signal aborts; then resolves. */
  run(signal: AbortSignal): Promise<void>;
  /** Says that the spool got something new: these attempts, or whatever it is. */
  notice(attemptIds?: readonly string[]): void;
  /** Publishes again all that was not released: for when the log may have lost its end. */
  republish(): void;
  /** Resolves once everything that was put stands in the log, or when the signal aborts. */
  settled(signal: AbortSignal): Promise<void>;
}

export const publisherLimits = {
  inFlight: 32,
  /** Released attempts that are remembered at the most, beyond those that are kept. */
  forgottenAtOnce: 1_024,
  retry: { baseMs: 100, capMs: 30_000 } satisfies Backoff,
} as const;

/**
 * Carries the spool's results to the log, for ever: a result is tried until it stands there, whatever
 * the failure, and stays in the spool after that until it is released. Those of one cell go one after
 * another: the last launch of a cell ends it, and made orphans of earlier ones that it overtook.
 */
export function makeSpoolPublisher(options: SpoolPublisherOptions): SpoolPublisher {
  return new Publisher(options);
}

class Publisher implements SpoolPublisher {
  readonly #options: SpoolPublisherOptions;
  /** Waiting, in flight or published. */
  readonly #known = new Set<string>();
  #waiting: string[] = [];
  /** Cells of which a result is on its way, with what waits behind it, in order. */
  readonly #cells = new Map<string, string[]>();
  #running = 0;
  #wake = (): void => {};
  readonly #settled = new Set<() => void>();

  constructor(options: SpoolPublisherOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    this.#look();
    const abort = (): void => this.#wake();
    signal.addEventListener("abort", abort);
    while (!signal.aborted || this.#running > 0) {
      const changed = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      if (!signal.aborted) this.#fill(signal);
      this.#tellSettled();
      await changed;
    }
    signal.removeEventListener("abort", abort);
  }

  notice(attemptIds?: readonly string[]): void {
    if (attemptIds === undefined) this.#look();
    else for (const attemptId of attemptIds) this.#enqueue(attemptId);
    this.#wake();
  }

  republish(): void {
    this.#known.clear();
    this.#waiting = [];
    for (const behind of this.#cells.values()) behind.length = 0;
    this.notice();
  }

  settled(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        this.#settled.delete(end);
        signal.removeEventListener("abort", end);
        resolve();
      };
      this.#settled.add(end);
      signal.addEventListener("abort", end, { once: true });
      if (signal.aborted) end();
      else this.notice();
    });
  }

  #look(): void {
    for (const attemptId of this.#options.spool.pending()) this.#enqueue(attemptId);
  }

  #enqueue(attemptId: string): void {
    if (this.#known.has(attemptId)) return;
    this.#forgetReleased();
    this.#known.add(attemptId);
    this.#waiting.push(attemptId);
  }

  #forgetReleased(): void {
    const { spool } = this.#options;
    if (this.#known.size <= spool.depth + publisherLimits.forgottenAtOnce) return;
    const kept = new Set(spool.pending());
    for (const attemptId of this.#known) if (!kept.has(attemptId)) this.#known.delete(attemptId);
  }

  #fill(signal: AbortSignal): void {
    for (;;) {
      const room = publisherLimits.inFlight - this.#running;
      const some = this.#waiting.splice(0, Math.max(0, room));
      if (some.length === 0) return;
      for (const attemptId of some) this.#begin(attemptId, signal);
    }
  }

  #begin(attemptId: string, signal: AbortSignal): void {
    const cell = this.#options.cellOf(attemptId);
    const behind = this.#cells.get(cell);
    if (behind !== undefined) {
      behind.push(attemptId);
      return;
    }
    this.#cells.set(cell, []);
    this.#running += 1;
    publish(this.#options, attemptId, signal)
      .catch((error: unknown) => this.#options.onTrouble(attemptId, error))
      .finally(() => {
        this.#running -= 1;
        this.#waiting.unshift(...(this.#cells.get(cell) ?? []));
        this.#cells.delete(cell);
        this.#wake();
      });
  }

  #tellSettled(): void {
    if (this.#running > 0 || this.#waiting.length > 0) return;
    for (const resolve of this.#settled) resolve();
  }
}

/** Ends when the result stands in the log, was released, is damaged, or the signal aborts. */
async function publish(
  options: SpoolPublisherOptions,
  attemptId: string,
  signal: AbortSignal,
): Promise<void> {
  const wait = options.wait ?? pause;
  for (let tries = 0; !signal.aborted; tries += 1) {
    const message = await options.spool.message(attemptId);
    if (message === undefined) return;
    try {
      await options.log.appendEncoded(message, { messageId: attemptId, signal });
      return;
    } catch (error) {
      if (signal.aborted) return;
      options.onTrouble(attemptId, error);
      await wait(backoffMs(tries, publisherLimits.retry, options.random()), signal);
    }
  }
}
