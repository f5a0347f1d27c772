import type { Log } from "../../shared/bus/log.ts";
import { type Backoff, backoffMs } from "../../shared/domain/backoff.ts";
import type { LaunchResult } from "../../shared/domain/result.ts";
import { pause } from "../../shared/runtime/sleep.ts";
import type { Spool } from "./spool.ts";

export interface SpoolPublisherOptions {
  readonly spool: Spool;
  readonly log: Pick<Log, "append">;
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
  /** Says that the spool got something new. */
  notice(): void;
  /** Publishes again all that was not released: for when the log may have lost its end. */
  republish(): void;
}

export const publisherLimits = {
  inFlight: 32,
  retry: { baseMs: 100, capMs: 30_000 } satisfies Backoff,
} as const;

/**
 * Carries the spool's results to the log, for ever: a result is tried until it stands there, whatever
 * the failure, and stays in the spool after that until it is released.
 */
export function makeSpoolPublisher(options: SpoolPublisherOptions): SpoolPublisher {
  const { spool } = options;
  /** In flight or published. */
  const taken = new Set<string>();
  let running = 0;
  let wake = (): void => {};

  const fill = (signal: AbortSignal): void => {
    const pending = spool.pending();
    const kept = new Set(pending);
    for (const attemptId of taken) if (!kept.has(attemptId)) taken.delete(attemptId);
    for (const attemptId of pending) {
      if (running >= publisherLimits.inFlight) return;
      if (taken.has(attemptId)) continue;
      taken.add(attemptId);
      running += 1;
      publish(options, attemptId, signal)
        .catch((error: unknown) => options.onTrouble(attemptId, error))
        .finally(() => {
          running -= 1;
          wake();
        });
    }
  };

  return {
    async run(signal) {
      const abort = (): void => wake();
      signal.addEventListener("abort", abort);
      while (!signal.aborted || running > 0) {
        const changed = new Promise<void>((resolve) => {
          wake = resolve;
        });
        if (!signal.aborted) fill(signal);
        await changed;
      }
      signal.removeEventListener("abort", abort);
    },
    notice: () => wake(),
    republish() {
      taken.clear();
      wake();
    },
  };
}

/** Ends when the result stands in the log, was released, is damaged, or the signal aborts. */
async function publish(
  options: SpoolPublisherOptions,
  attemptId: string,
  signal: AbortSignal,
): Promise<void> {
  const wait = options.wait ?? pause;
  for (let tries = 0; !signal.aborted; tries += 1) {
    const result = await options.spool.read(attemptId);
    if (result === undefined) return;
    try {
      await options.log.append(toEvent(result), { messageId: attemptId, signal });
      return;
    } catch (error) {
      if (signal.aborted) return;
      options.onTrouble(attemptId, error);
      await wait(backoffMs(tries, publisherLimits.retry, options.random()), signal);
    }
  }
}

function toEvent(result: LaunchResult) {
  return { type: "result", sweepId: result.sweepId, shardId: result.shardId, result } as const;
}
