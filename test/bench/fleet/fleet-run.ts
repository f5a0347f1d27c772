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
  /** From the submission in the log until a host hears of its first grant, in ms. */
  readonly dispatchMs: readonly number[];
  readonly cells: number;
  readonly cellsPerSecond: number;
  /** CPU time of the coordinator for one of them. */
  readonly cpuMicrosPerCell: number;
}

const processes = 4;
const steadyMs = 20_000;
/** As many as the planner puts into a shard. */
const cellsPerShard = maxShardCells;

/** One coordinator, a real process, with so many light agents: connect storm, silence, then work for all. */
export async function measureFleet(
  nats: string,
  { agents, cells }: { agents: number; cells: number },
): Promise<FleetFigures> {
  const directory = await makeTemporaryDirectory();
  const state = join(directory.path, "coordinator");
  const words = ["--listen", "127.0.0.1:0", "--nats", nats, "--state", state];
  const coordinator = startChild([
    place("../../../dist/coordinator/main.js"),
    "coordinator",
    ...words,
    "--log-level",
    "error",
  ]);
  const children = [coordinator];
  try {
    const { listening: address = "" } = (await coordinator.said("listening")) as {
      listening?: string;
    };
    await wait(2_000);
    const empty = await cost(coordinator.child);
    const startMs = performance.now();
    const crowd = Array.from({ length: processes }, (_, n) => {
      const from = Math.floor((agents * n) / processes);
      const count = Math.floor((agents * (n + 1)) / processes) - from;
      const args = [from, count, address, nats, 5_000].map(String);
      return startChild(["--import", "tsx", place("light-agents.ts"), ...args]);
    });
    children.push(...crowd);
    await Promise.all(crowd.map((some) => some.said("connected")));
    const stormSeconds = (performance.now() - startMs) / 1_000;
    await wait(5_000);
    const before = await cost(coordinator.child);
    await wait(steadyMs);
    const steady = await cost(coordinator.child);
    const work = await measureWork(nats, address, { agents, cells, crowd });
    const after = await cost(coordinator.child);
    return {
      agents,
      stormSeconds,
      emptyRssBytes: empty.rssBytes,
      rssBytes: steady.rssBytes,
      steadyCpuShare: (steady.cpuMs - before.cpuMs) / steadyMs,
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

async function measureWork(
  nats: string,
  address: string,
  { agents, cells, crowd }: { agents: number; cells: number; crowd: readonly Child[] },
): Promise<{ dispatchMs: readonly number[]; cellsPerSecond: number }> {
  const sweepId = makeUlid(Date.now());
  const log = await connectNatsLog({ servers: nats, name: "bench-submit" });
  const { signal } = new AbortController();
  const startMs = Date.now();
  const { seq } = await submitPlan(
    planFor(agents, cells),
    { sweepId, source: "", nowMs: startMs },
    log,
  );
  const submittedMs = Date.now();
  await log.close();
  await withOperatorAt({ address, trust: null }, signal, async (operator) => {
    await untilSealed(operator, sweepId);
    await untilProjected(operator, cells);
  });
  const seconds = (Date.now() - submittedMs) / 1_000;
  if (seq === 0) throw new Error("nothing was submitted");
  const dispatchMs = crowd.flatMap(({ lines }) =>
    lines.flatMap(({ assigned }) => (typeof assigned === "number" ? [assigned - submittedMs] : [])),
  );
  return { dispatchMs: dispatchMs.sort((a, b) => a - b), cellsPerSecond: cells / seconds };
}

function planFor(agents: number, cells: number): SweepPlan {
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
