import type { CpuSet } from "../shared/domain/cpuset.ts";
import { subtractReadings } from "./runner/counters/collector.ts";
import { hostCpuCounters } from "./runner/counters/host-cpu.ts";
import type { HostFiles } from "./runner/launch-files.ts";

export interface NoiseGateDeps {
  readonly files: HostFiles;
  /** A clock that never goes back, in ms. */
  readonly monotonicMs: () => number;
  /** Resolves after so many ms, or rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

export const noiseGateLimits = {
  /** Share of the CPUs' time: where a verdict calls a launch invalid. */
  foreignShare: 0.05,
  lookMs: 1_000,
  /** A host that is never quiet is measured all the same, and its verdicts say so. */
  waitMs: 60_000,
} as const;

/** What the wait found: `unknown` where /proc does not say, which waits for nothing. */
export type Quietness = "quiet" | "noisy" | "unknown";

/**
 * Waits until others use less than {@link noiseGateLimits.foreignShare} of these CPUs during one look,
 * or until the longest wait is over. To be called while nothing is measured here: everything that runs
 * then is foreign.
 */
export async function waitForQuiet(
  pus: CpuSet,
  deps: NoiseGateDeps,
  signal: AbortSignal,
): Promise<Quietness> {
  const endMs = deps.monotonicMs() + noiseGateLimits.waitMs;
  for (;;) {
    const share = await lookAt(pus, deps, signal);
    if (share === null) return "unknown";
    if (share < noiseGateLimits.foreignShare) return "quiet";
    if (deps.monotonicMs() + noiseGateLimits.lookMs > endMs) return "noisy";
  }
}

/** Idle and stolen time are nobody's on this host, as in the verdict on a launch. */
async function lookAt(
  pus: CpuSet,
  { files, monotonicMs, sleep }: NoiseGateDeps,
  signal: AbortSignal,
): Promise<number | null> {
  const scope = { pids: [], pus };
  const startMs = monotonicMs();
  const before = await hostCpuCounters.read(files, scope);
  await sleep(noiseGateLimits.lookMs, signal);
  const after = await hostCpuCounters.read(files, scope);
  const availableSeconds = ((monotonicMs() - startMs) / 1_000) * pus.length;
  const spent = subtractReadings(after, before);
  const [idle, steal] = [spent["idle_seconds"] ?? null, spent["steal_seconds"] ?? null];
  if (idle === null || steal === null || availableSeconds <= 0) return null;
  return Math.max(0, (availableSeconds - idle - steal) / availableSeconds);
}
