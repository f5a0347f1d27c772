import { setTimeout as sleep } from "node:timers/promises";
import { toCpuSet } from "../../shared/domain/cpuset.ts";
import type { DoneMessage } from "./contract.ts";
import type { CounterScope, HeldLevel, Readings } from "./counters/collector.ts";
import { holdLevels, readCounters, subtractTotals } from "./counters/registry.ts";
import type { LaunchSystem } from "./launch-system.ts";
import type { RunningLaunch } from "./running-launch.ts";
import { type Stamp, takeStamp } from "./stamp.ts";

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

/**
 * Runs the timed phase between two readings of the counters. Inside of it the agent waits for messages, and reads
 * the levels once where the host has any: everything else is done before or after, for it shares the host.
 */
export async function watchWindow(
  launch: RunningLaunch,
  run: () => Promise<readonly DoneMessage[]>,
): Promise<WatchedWindow> {
  const { system } = launch.deps;
  const scope = scopeOf(launch);
  const levels = sampleLevels(launch, await holdLevels(system.files, scope));
  try {
    const before = await readCounters(system.files, scope);
    const countedNs = system.nowNs();
    await settle(system);
    const released = takeStamp(system);
    levels.start();
    const done = await run();
    const heard = lastHeard(launch);
    const countedSeconds = Number(system.nowNs() - countedNs) / 1e9;
    const after = await readCounters(system.files, scope);
    const windowSeconds = Number(heard.ns - released.ns) / 1e9;
    const totals = subtractTotals(after, before);
    const shares = {
      window_seconds: windowSeconds,
      agent_cpu_share: (heard.ownCpuSeconds - released.ownCpuSeconds) / windowSeconds,
      foreign_cpu_share: foreignShare(totals, countedSeconds * scope.pus.length),
    };
    const counters = { ...totals, ...levels.readings(), ...shares };
    return { done, releasedNs: released.ns, heardNs: heard.ns, windowSeconds, counters };
  } finally {
    levels.end();
  }
}

/**
 * Lets end what the agent has begun beside its own thread: compiling what it ran often, collecting what it has
 * thrown away. Some milliseconds, in which the instances stand behind the barrier.
 */
async function settle(system: LaunchSystem): Promise<void> {
  for (let look = 0; look < settling.looks; look += 1) {
    const before = takeStamp(system);
    await sleep(settling.lookMs);
    const after = takeStamp(system);
    const usedSeconds = after.ownCpuSeconds - before.ownCpuSeconds;
    if (usedSeconds < (settling.restShare * Number(after.ns - before.ns)) / 1e9) return;
  }
}

const settling = {
  lookMs: 5,
  /** Waking up for the look takes 0.2 to 0.5 ms by itself. */
  restShare: 0.2,
  looks: 10,
} as const;

/** When the last instance was heard of, and nothing had been done with what it said. */
function lastHeard({ instances }: RunningLaunch): Stamp {
  const [first, ...others] = instances.map((instance) => instance.lastHeard);
  if (first === undefined) throw new Error("a launch without instances");
  return others.reduce((last, next) => (next.ns > last.ns ? next : last), first);
}

function scopeOf({ instances, plan }: RunningLaunch): CounterScope {
  return {
    pids: instances.map(({ pid }) => pid),
    pus: toCpuSet(plan.instances.flatMap(({ pus }) => pus)),
  };
}

/** Levels are read once, when half of the shortest run has passed: idle PUs would show others. */
function sampleLevels({ plan }: RunningLaunch, levels: HeldLevel) {
  let timer: NodeJS.Timeout | undefined;
  let sampled: Readings | undefined;
  return {
    start: () => {
      if (!levels.isThere) return;
      const halfMs = plan.method.minSeconds * 500;
      timer = setTimeout(() => {
        sampled = levels.read();
      }, halfMs);
    },
    /** Of a phase that was over before half of the time they are those of its end. */
    readings: () => sampled ?? levels.read(),
    end: () => {
      clearTimeout(timer);
      levels.close();
    },
  };
}

/** Of the PUs' time between the two readings, what neither idled, nor was stolen, nor the instances' own. */
function foreignShare(totals: Readings, availableSeconds: number): number | null {
  const idle = totals["idle_seconds"] ?? null;
  const steal = totals["steal_seconds"] ?? null;
  const used = totals["cpu_seconds"] ?? null;
  if (idle === null || steal === null || used === null) return null;
  return Math.max(0, (availableSeconds - idle - steal - used) / availableSeconds);
}
