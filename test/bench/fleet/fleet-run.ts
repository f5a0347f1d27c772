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
import { untilProjected, watchForSeal } from "../until-projected.ts";
import { type Child, cost, startChild } from "./child-program.ts";
import { tellPhases } from "./phases.ts";
import { readCost } from "./process-cost.ts";

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
  /** CPU time for one of them: of the coordinator, of all light agents and of the nats-server. */
  readonly cpuMicrosPerCell: readonly number[];
}

export interface FleetBus {
  readonly url: string;
  /** Of the nats-server. */
  readonly pid: number;
}

const processes = 4;
const settleMs = 15_000;
/** What a start leaves behind is gone by then. */
const startedMs = 2_000;

export interface FleetSize {
  readonly agents: number;
  readonly cells: number;
  /** For how long heartbeats alone are measured. */
  readonly restMs: number;
  /** A directory for CPU profiles of the coordinator and the light agents; empty for none. */
  readonly profile: string;
  /** A file with the topology of all the hosts; empty for one of which nothing is known. */
  readonly topology: string;
}

/** One coordinator, a real process, with so many light agents: connect storm, silence, then work for all. */
export async function measureFleet(bus: FleetBus, size: FleetSize): Promise<FleetFigures> {
  const directory = await makeTemporaryDirectory();
  const profiling = size.profile === "" ? [] : ["--cpu-prof", "--cpu-prof-dir", size.profile];
  const state = join(directory.path, "coordinator");
  const words = ["--listen", "127.0.0.1:0", "--nats", bus.url, "--state", state];
  const program = place("../../../dist/coordinator/main.js");
  const coordinator = startChild([
    ...profiling,
    program,
    "coordinator",
    ...words,
    "--log-level",
    "error",
  ]);
  const crowd: Child[] = [];
  try {
    const address = String((await coordinator.said("listening"))["listening"]);
    await wait(startedMs);
    const startCrowd = (): void => {
      for (let n = 0; n < processes; n += 1) {
        const from = Math.floor((size.agents * n) / processes);
        const count = Math.floor((size.agents * (n + 1)) / processes) - from;
        const args = [from, count, address, bus.url, size.topology].map(String);
        crowd.push(
          startChild([...profiling, "--import", "tsx", place("light-agents.ts"), ...args]),
        );
      }
    };
    return await measurePhases({ coordinator, crowd, startCrowd, address }, bus, size);
  } finally {
    const children = [coordinator, ...crowd];
    for (const { child } of children) child.kill("SIGTERM");
    await Promise.all(children.map((one) => one.ended()));
    await directory.remove();
  }
}

interface Fleet {
  readonly coordinator: Child;
  readonly address: string;
  /** The light agents' processes, once they are started. */
  readonly crowd: readonly Child[];
  startCrowd(): void;
}

async function measurePhases(fleet: Fleet, bus: FleetBus, size: FleetSize): Promise<FleetFigures> {
  const { coordinator, crowd } = fleet;
  const phases = tellPhases(coordinator, () => crowd);
  const of = (name: string): string => `${size.agents} agents, ${name}`;
  const empty = await cost(coordinator.child);
  const startMs = performance.now();
  fleet.startCrowd();
  await phases.run(of("connecting"), () =>
    Promise.all(crowd.map((some) => some.said("connected"))),
  );
  const stormSeconds = (performance.now() - startMs) / 1_000;
  const steady = await phases.run(of("at rest"), () => measureRest(fleet, size.restMs));
  const sides = [[coordinator], crowd].map((side) => side.map(({ child }) => child.pid ?? 0));
  const before = await Promise.all([...sides, [bus.pid]].map(cpuMsOf));
  const work = await phases.run(of("working"), () => measureWork(fleet, bus.url, size));
  const spent = await Promise.all([...sides, [bus.pid]].map(cpuMsOf));
  const { peakRssBytes } = await cost(coordinator.child);
  return {
    agents: size.agents,
    stormSeconds,
    emptyRssBytes: empty.rssBytes,
    ...steady,
    peakRssBytes,
    cells: size.cells,
    ...work,
    cpuMicrosPerCell: spent.map((ms, side) => ((ms - (before[side] ?? 0)) * 1_000) / size.cells),
  };
}

async function cpuMsOf(pids: readonly number[]): Promise<number> {
  const costs = await Promise.all(pids.map(readCost));
  return costs.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
}

/** Heartbeats alone, once what the connecting left behind has settled. */
async function measureRest({ coordinator: { child }, crowd }: Fleet, restMs: number) {
  const beats = (): number =>
    crowd.reduce((sum, some) => sum + Number(some.latest("heartbeats") ?? 0), 0);
  await wait(settleMs);
  const [before, beatsBefore] = [await cost(child), beats()];
  await wait(restMs);
  const { cpuMs, rssBytes } = await cost(child);
  return {
    rssBytes,
    steadyCpuShare: (cpuMs - before.cpuMs) / restMs,
    heartbeatsPerSecond: ((beats() - beatsBefore) * 1_000) / restMs,
  };
}

async function measureWork(
  { address, crowd }: Fleet,
  nats: string,
  { agents, cells }: FleetSize,
): Promise<{ dispatchMs: readonly number[]; cellsPerSecond: number }> {
  const { signal } = new AbortController();
  const { submittedMs, seconds } = await withOperatorAt(
    { address, trust: null },
    signal,
    async (operator) => {
      const sweepId = makeUlid(Date.now());
      const watch = await watchForSeal(nats, sweepId);
      const atMs = await submit(nats, sweepId, planFor(agents, cells));
      await watch.sealed;
      await watch.close();
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
