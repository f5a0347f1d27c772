import { FleetsweepError } from "../shared/domain/errors.ts";
import type { Clock } from "../shared/runtime/clock.ts";

export interface AwaitBusDeps {
  readonly clock: Pick<Clock, "monotonicMs" | "sleep">;
  /** How long to wait altogether. */
  readonly withinMs: number;
  /** Told before each pause, in words for people. */
  readonly onWait: (reason: string) => void;
  readonly signal: AbortSignal;
}

const limits = {
  firstPauseMs: 500,
  longestPauseMs: 15_000,
} as const;

/**
 * Opens what needs the bus, and tries again while the bus is away: programs of one host start in any order.
 * @throws FleetsweepError bus.unavailable once the time is over, anything else at once; the signal's reason.
 */
export async function awaitBus<Opened>(
  open: () => Promise<Opened>,
  { clock, withinMs, onWait, signal }: AwaitBusDeps,
): Promise<Opened> {
  const endMs = clock.monotonicMs() + withinMs;
  for (let pauseMs: number = limits.firstPauseMs; ; pauseMs *= 2) {
    try {
      return await open();
    } catch (error) {
      signal.throwIfAborted();
      const leftMs = endMs - clock.monotonicMs();
      if (!isAway(error) || leftMs <= 0) throw error;
      onWait(`${error.message}; trying for ${Math.ceil(leftMs / 1_000)} s more`);
      await clock.sleep(Math.min(pauseMs, limits.longestPauseMs, leftMs), signal);
    }
  }
}

function isAway(error: unknown): error is FleetsweepError {
  return error instanceof FleetsweepError && error.code === "bus.unavailable";
}
