import { pause, sleep } from "./sleep.ts";

/** Time as a program sees it: handed in, so that a whole fleet can live on a clock of its own. */
export interface Clock {
  /** Never goes back; for how long things take. */
  readonly monotonicMs: () => number;
  /** Resolves after so many milliseconds; rejects with the signal's reason when it aborts first. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** As `sleep`, but resolves when the signal aborts: for loops that look at it. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

export const systemClock: Clock = { monotonicMs: () => performance.now(), sleep, pause };
