import { setTimeout } from "node:timers/promises";

/** Resolves after so many milliseconds; rejects with the signal's reason when it aborts first. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal });
}
