import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { withOperatorAt } from "../../../coordinator/cli/operator-client.ts";
import { maxShardCells } from "../../../coordinator/logic/planning/make-shards.ts";
import type { SweepPlan } from "../../../coordinator/logic/sweep-plan.ts";
import { submitPlan } from "../../../coordinator/submit.ts";
import { connectNatsLog } from "../../../shared/bus/nats-log.ts";
import { precisionModes } from "../../../shared/domain/method.ts";
import { makeUlid } from "../../../shared/runtime/random-id.ts";
import { makeTemporaryDirectory } from "../../../shared/testing/temporary-directory.ts";
import { untilProjected, untilSealed } from "../until-projected.ts";
import { type Child, cost, startChild } from "./child-program.ts";
import { tellPhases } from "./phases.ts";

const place = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export interface FleetFigures {
  readonly agents: number;
  /** From the first agent's start until the last was welcomed, in s; starting Node is in it. */
  readonly stormSeconds: number;
  readonly rssBytes: number;
  /** Without a single agent. */
  readonly emptyRssBytes: number;
  /** Share of one core that the coordinator takes for heartbeats alone. */
  readonly steadyCpuShare: number;
  readonly heartbeatsPerSecond: number;
  /** The largest resident set of the coordinator, in bytes, over the whole run. */
  readonly peakRssBytes: number;
  /** From the submission in the log until a host hears of its first grant, in ms. */
  readonly dispatchMs: readonly number[];
  readonly cells: number;
  readonly cellsPerSecond: number;
  /** CPU time of the coordinator for one of them. */
  readonly cpuMicrosPerCell: number;
}

const processes = 4;
const steadyMs = 30_000;
const settleMs = 15_000;

export interface FleetSize {
  readonly agents: number;
  readonly cells: number;
  /** A directory for a CPU profile of the coordinator; empty for none. */
  readonly profile: string;
  /** A file with the topology of all the hosts; empty for one of which nothing is known. */
  readonly topology: string;
}

/** One coordinator, a real process, with so many light agents: connect storm, silence, then work for all. */
export async function measureFleet(
  nats: string,
  { agents, cells, profile, topology }: FleetSize,
): Promise<FleetFigures> {
  const directory = await makeTemporaryDirectory();
  const state = join(directory.path, "coordinator");
  const words = ["--listen", "127.0.0.1:0", "--nats", nats, "--state", state];
  const coordinator = startChild([
    ...(profile === "" ? [] : ["--cpu-prof", "--cpu-prof-dir", profile]),
    place("../../../dist/coordinator/main.js"),
    "coordinator",
    ...words,
    "--log-level",
    "error",
  ]);
  const children = [coordinator];
  const crowd: Child[] = [];
  const phases = tellPhases(coordinator, () => crowd);
  try {
    const { listening: address = "" } = (await coordinator.said("listening")) as {
      listening?: string;
    };
    await wait(2_000);
    const empty = await cost(coordinator.child);
    const startMs = performance.now();
    const of = (name: string): string => `${agents} agents, ${name}`;
    for (let n = 0; n < processes; n += 1) {
      const from = Math.floor((agents * n) / processes);
      const count = Math.floor((agents * (n + 1)) / processes) - from;
      const args = [from, count, address, nats, topology].map(String);
      crowd.push(startChild(["--import", "tsx", place("light-agents.ts"), ...args]));
    }
    children.push(...crowd);
    await phases.run(of("connecting"), () =>
      Promise.all(crowd.map((some) => some.said("connected"))),
    );
    const stormSeconds = (performance.now() - startMs) / 1_000;
    const steady = await phases.run(of("at rest"), () => measureRest(coordinator, crowd));
    const at = { agents, cells, crowd };
    const work = await phases.run(of("working"), () => measureWork(nats, address, at));
    const after = await cost(coordinator.child);
    return {
      agents,
      stormSeconds,
      emptyRssBytes: empty.rssBytes,
      ...steady,
      peakRssBytes: after.peakRssBytes,
      cells,
      ...work,
      cpuMicrosPerCell: ((after.cpuMs - steady.cpuMs) * 1_000) / cells,
    };
  } finally {
    for (const { child } of children) child.kill("SIGTERM");
    await Promise.all(children.map((one) => one.ended()));
    await directory.remove();
  }
}

/** Heartbeats alone, once what the connecting left behind has settled. */
async function measureRest({ child }: Child, crowd: readonly Child[]) {
  const beats = (): number =>
    crowd.reduce((sum, some) => sum + Number(some.latest("heartbeats") ?? 0), 0);
  await wait(settleMs);
  const [before, beatsBefore] = [await cost(child), beats()];
  await wait(steadyMs);
  const { cpuMs, rssBytes } = await cost(child);
  return {
    rssBytes,
    cpuMs,
    steadyCpuShare: (cpuMs - before.cpuMs) / steadyMs,
    heartbeatsPerSecond: ((beats() - beatsBefore) * 1_000) / steadyMs,
  };
}

async function measureWork(
  nats: string,
  address: string,
  { agents, cells, crowd }: { agents: number; cells: number; crowd: readonly Child[] },
): Promise<{ dispatchMs: readonly number[]; cellsPerSecond: number }> {
  const { signal } = new AbortController();
  const { submittedMs, seconds } = await withOperatorAt(
    { address, trust: null },
    signal,
    async (operator) => {
      const sweepId = makeUlid(Date.now());
      const atMs = await submit(nats, sweepId, planFor(agents, cells));
      await untilSealed(operator, sweepId);
      await untilProjected(operator, cells);
      return { submittedMs: atMs, seconds: (Date.now() - atMs) / 1_000 };
    },
  );
  const dispatchMs = crowd.flatMap(({ lines }) =>
    lines.flatMap(({ assigned }) => (typeof assigned === "number" ? [assigned - submittedMs] : [])),
  );
  return { dispatchMs: dispatchMs.sort((a, b) => a - b), cellsPerSecond: cells / seconds };
}

/** Resolves with when the sweep stood in the log. */
async function submit(nats: string, sweepId: string, plan: SweepPlan): Promise<number> {
  const log = await connectNatsLog({ servers: nats, name: "bench-submit" });
  await submitPlan(plan, { sweepId, source: "", nowMs: Date.now() }, log);
  await log.close();
  return Date.now();
}

/** Every agent gets a part of it while there are cells; a shard has no more than the planner puts into one. */
function planFor(agents: number, cells: number): SweepPlan {
  const cellsPerShard = Math.min(maxShardCells, Math.ceil(cells / agents));
  const shards = Math.ceil(cells / cellsPerShard);
  const working = Math.min(agents, shards);
  const hosts = Array.from({ length: working }, (_, host) => ({
    // Spread over all the light agents' processes.
    hostId: `bench-${Math.floor((host * agents) / working)}`,
    shards: Array.from({ length: Math.ceil((shards - host) / agents) }, (_unused, n) => {
      const shard = host + n * agents;
      const count = Math.min(cellsPerShard, cells - shard * cellsPerShard);
      return {
        shardId: `bench-${shard}`,
        movableTo: [],
        cells: Array.from({ length: count }, (_one, cell) => ({
          cellId: `c${shard}-${cell}`,
          cell: { runner: "noop", batch_size: cell },
        })),
      };
    }),
    pruned: [],
    placements: [],
    estimatedSeconds: 0,
    estimateBasis: "none",
  }));
  return { name: "bench", method: precisionModes.smoke, hosts, unmatched: [] };
}
