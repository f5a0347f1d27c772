import { setTimeout as sleep } from "node:timers/promises";

const limits = {
  /** Timers of Node are late by up to a millisecond or two, so the last part is waited for otherwise. */
  timerEarlyMs: 3,
  /** A blocked thread wakes within some 0.1 ms (the kernel's timer slack is 0.05 ms). */
  blockEarlyMs: 0.2,
} as const;

/**
 * Waits for moments of a clock to within microseconds: by a timer, so that stdin is read meanwhile, then
 * blocked in the kernel, and spinning for the last part alone. Returns at once where the moment has passed.
 */
export function sleepUntil(nowNs: () => bigint): (instantNs: bigint) => Promise<void> {
  const nobody = new Int32Array(new SharedArrayBuffer(4));
  return async (instantNs) => {
    const remainingMs = (): number => Number(instantNs - nowNs()) / 1e6;
    if (remainingMs() > limits.timerEarlyMs) await sleep(remainingMs() - limits.timerEarlyMs);
    const blockMs = remainingMs() - limits.blockEarlyMs;
    if (blockMs > 0) Atomics.wait(nobody, 0, 0, blockMs);
    while (nowNs() < instantNs);
  };
}
