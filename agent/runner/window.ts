import { setTimeout as sleep } from "node:timers/promises";
import { toCpuSet } from "../../shared/domain/cpuset.ts";
import type { DoneMessage } from "./contract.ts";
import type { CounterScope, Readings } from "./counters/collector.ts";
import { readCounters, subtractTotals } from "./counters/registry.ts";
import type { RunningLaunch } from "./running-launch.ts";

/** The timed phase as the agent saw it. */
export interface WatchedWindow {
  readonly done: readonly DoneMessage[];
  /** CLOCK_MONOTONIC in ns, just before the instances were released and just after the last was done. */
  readonly releasedNs: bigint;
  readonly heardNs: bigint;
  /** Between the two readings of the totals. */
  readonly windowSeconds: number;
  /** Differences of totals, levels, and what follows from them. */
  readonly counters: Readings;
}

/** Runs the timed phase between two readings of the counters. */
export async function watchWindow(
  launch: RunningLaunch,
  run: () => Promise<readonly DoneMessage[]>,
): Promise<WatchedWindow> {
  const { system } = launch.deps;
  const scope = scopeOf(launch);
  const before = await readCounters("total", system.files, scope);
  const ownBefore = system.ownCpuSeconds();
  const releasedNs = system.nowNs();
  const sampler = new AbortController();
  const levels = sampleLevels(launch, scope, sampler.signal);
  let done: readonly DoneMessage[];
  try {
    done = await run();
  } finally {
    sampler.abort();
  }
  const heardNs = system.nowNs();
  const ownSeconds = system.ownCpuSeconds() - ownBefore;
  const after = await readCounters("total", system.files, scope);
  const windowSeconds = Number(heardNs - releasedNs) / 1e9;
  const totals = subtractTotals(after, before);
  const shares = toShares(totals, { windowSeconds, puCount: scope.pus.length, ownSeconds });
  const counters = { ...totals, ...(await levels), ...shares };
  return { done, releasedNs, heardNs, windowSeconds, counters };
}

function scopeOf({ instances, plan }: RunningLaunch): CounterScope {
  return {
    pids: instances.map(({ pid }) => pid),
    pus: toCpuSet(plan.instances.flatMap(({ pus }) => pus)),
  };
}

/** Levels are read once, when half of the shortest run has passed: idle PUs would show others. */
async function sampleLevels(
  launch: RunningLaunch,
  scope: CounterScope,
  signal: AbortSignal,
): Promise<Readings> {
  const halfMs = launch.plan.method.minSeconds * 500;
  await sleep(halfMs, undefined, { signal }).catch(() => undefined);
  return await readCounters("level", launch.deps.system.files, scope);
}

interface WindowSize {
  readonly windowSeconds: number;
  readonly puCount: number;
  readonly ownSeconds: number;
}

function toShares(totals: Readings, { windowSeconds, puCount, ownSeconds }: WindowSize): Readings {
  const available = windowSeconds * puCount;
  const idle = totals["idle_seconds"] ?? null;
  const steal = totals["steal_seconds"] ?? null;
  const used = totals["cpu_seconds"] ?? null;
  const unknown = idle === null || steal === null || used === null;
  return {
    window_seconds: windowSeconds,
    agent_cpu_share: ownSeconds / windowSeconds,
    foreign_cpu_share: unknown ? null : Math.max(0, (available - idle - steal - used) / available),
  };
}
