import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Operator, withOperatorAt } from "../../coordinator/cli/operator-client.ts";
import { fetchReport } from "../../coordinator/cli/report-client.ts";
import { parseCoordinatorConfig } from "../../coordinator/config.ts";
import { maxShardCells } from "../../coordinator/logic/planning/make-shards.ts";
import type { SweepPlan } from "../../coordinator/logic/sweep-plan.ts";
import { serveCoordinator } from "../../coordinator/serve.ts";
import { submitPlan } from "../../coordinator/submit.ts";
import { connectNatsLog } from "../../shared/bus/nats-log.ts";
import { precisionModes } from "../../shared/domain/method.ts";
import { makeUlid } from "../../shared/runtime/random-id.ts";
import { makeTemporaryDirectory } from "../../shared/testing/temporary-directory.ts";
import { type Child, startChild } from "./fleet/child-program.ts";
import { type Rate, timeRate } from "./rate.ts";
import { untilProjected, watchForSeal } from "./until-projected.ts";

/** As many as the planner puts into a shard. */
const cellsPerShard = maxShardCells;

export interface PipelineSize {
  readonly cells: number;
  /** Hosts, each with a process of its own. */
  readonly agents: number;
}

/**
 * Cells per second through the whole product, measuring nothing: submit → grant → assign → result on
 * the spool's disk → counted → closed → sealed → projected durably. The coordinator is the real one, in this
 * process; agents are real ones but for their runner; NATS is a real server.
 */
export async function measurePipeline(url: string, size: PipelineSize): Promise<Rate> {
  const directory = await makeTemporaryDirectory();
  const stop = new AbortController();
  const { signal } = stop;
  const agents: Child[] = [];
  let serving: Promise<void> = Promise.resolve();
  try {
    const address = await new Promise<string>((resolve, reject) => {
      const onListening = ({ listening }: { listening: string }) => resolve(listening);
      const state = join(directory.path, "coordinator");
      const given = { listen: "127.0.0.1:0", nats: url, state, logLevel: "silent" };
      const deps = { pid: process.pid, signal, onListening };
      serving = serveCoordinator(parseCoordinatorConfig(given), deps);
      serving.catch(reject);
    });
    for (let n = 0; n < size.agents; n += 1) {
      const state = join(directory.path, hostName(n));
      agents.push(startChild(["--import", "tsx", program, hostName(n), address, url, state]));
    }
    await Promise.all(agents.map((agent) => agent.said("ready")));
    return await withOperatorAt({ address, trust: null }, signal, (operator) =>
      runSweep(operator, url, size),
    );
  } finally {
    for (const { child } of agents) child.kill("SIGKILL");
    await Promise.all(agents.map((agent) => agent.ended()));
    stop.abort();
    await Promise.allSettled([serving]);
    await directory.remove();
  }
}

const program = fileURLToPath(new URL("pipeline-agent.ts", import.meta.url));

function hostName(n: number): string {
  return `bench-${n}`;
}

async function runSweep(operator: Operator, nats: string, size: PipelineSize): Promise<Rate> {
  const sweepId = makeUlid(Date.now());
  const what = `cells through the product, no-op, agents: ${size.agents}`;
  const rate = await timeRate(what, size.cells, async () => {
    const watch = await watchForSeal(nats, sweepId);
    const log = await connectNatsLog({ servers: nats, name: "bench-submit", createStream: true });
    await submitPlan(planOf(size), { sweepId, source: "", nowMs: Date.now() }, log);
    await log.close();
    await watch.sealed;
    await watch.close();
    await untilProjected(operator, size.cells);
  });
  const { rows } = await fetchReport(operator, sweepId);
  if (rows.length !== size.cells) throw new Error(`${rows.length} of ${size.cells} cells counted`);
  return rate;
}

function planOf({ cells, agents }: PipelineSize): SweepPlan {
  const shards = Array.from({ length: Math.ceil(cells / cellsPerShard) }, (_, shard) => ({
    shardId: `shard-${shard}`,
    movableTo: [],
    cells: Array.from(
      { length: Math.min(cellsPerShard, cells - shard * cellsPerShard) },
      (_cell, n) => ({
        cellId: `c${shard * cellsPerShard + n}`,
        cell: { runner: "noop", batch_size: n },
      }),
    ),
  }));
  const hosts = Array.from({ length: agents }, (_, host) => ({
    hostId: hostName(host),
    shards: shards.filter((_shard, n) => n % agents === host),
    pruned: [],
    placements: [],
    estimatedSeconds: 0,
    estimateBasis: "none",
  }));
  return { name: "bench", method: precisionModes.smoke, hosts, unmatched: [] };
}
