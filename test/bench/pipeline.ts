import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { Agent, type MeasureShard } from "../../agent/agent.ts";
import { dialCoordinator } from "../../agent/link/dial.ts";
import { Link } from "../../agent/link/link.ts";
import { openSpool } from "../../agent/link/spool.ts";
import { makeSpoolPublisher } from "../../agent/link/spool-publisher.ts";
import { SpoolIndex } from "../../agent/spool-index.ts";
import { type Operator, withOperatorAt } from "../../coordinator/cli/operator-client.ts";
import { fetchReport } from "../../coordinator/cli/report-client.ts";
import { parseCoordinatorConfig } from "../../coordinator/config.ts";
import type { SweepPlan } from "../../coordinator/logic/sweep-plan.ts";
import { serveCoordinator } from "../../coordinator/serve.ts";
import { submitPlan } from "../../coordinator/submit.ts";
import type { ListSweepsResponse__Output } from "../../proto/gen/fleetsweep/v1/ListSweepsResponse.ts";
import { connectNatsLog } from "../../shared/bus/nats-log.ts";
import { precisionModes } from "../../shared/domain/method.ts";
import { unknownTopology } from "../../shared/domain/unknown-topology.ts";
import { systemClock } from "../../shared/runtime/clock.ts";
import { silentLogger } from "../../shared/runtime/logger.ts";
import { makeUlid, randomId } from "../../shared/runtime/random-id.ts";
import { makeTemporaryDirectory } from "../../shared/testing/temporary-directory.ts";
import { benchResult } from "./log-histories.ts";
import { type Rate, timeRate } from "./rate.ts";

const hostId = "bench";
const cellsPerShard = 64;

/**
 * Cells per second through the whole product, measuring nothing: submit → grant → assign → result on
 * the spool's disk → counted → closed → projected. Coordinator and agent are the real ones, in this
 * process; NATS is a real server.
 */
export async function measurePipeline(url: string, cellCount: number): Promise<Rate> {
  const directory = await makeTemporaryDirectory();
  const stop = new AbortController();
  const { signal } = stop;
  const parts: Promise<void>[] = [];
  try {
    const address = await new Promise<string>((resolve, reject) => {
      const state = join(directory.path, "coordinator");
      const config = parseCoordinatorConfig({
        listen: "127.0.0.1:0",
        nats: url,
        state,
        logLevel: "silent",
      });
      const deps = {
        pid: process.pid,
        signal,
        onListening: ({ listening }: { listening: string }) => resolve(listening),
      };
      const serving = serveCoordinator(config, deps);
      serving.catch(reject);
      parts.push(serving);
    });
    parts.push(...(await startAgent(url, { address, directory: directory.path, signal })));
    return await withOperatorAt({ address, trust: null }, signal, (operator) =>
      timeRate("cells through the product, no-op", cellCount, () =>
        runSweep(operator, url, cellCount),
      ),
    );
  } finally {
    stop.abort();
    await Promise.allSettled(parts);
    await directory.remove();
  }
}

async function startAgent(
  nats: string,
  place: { address: string; directory: string; signal: AbortSignal },
): Promise<Promise<void>[]> {
  const spool = await openSpool(join(place.directory, "spool"));
  const log = await connectNatsLog({ servers: nats, name: "bench-agent" });
  const random = Math.random;
  const publisher = makeSpoolPublisher({ spool, log, random, onTrouble: () => {} });
  const agent = new Agent({
    hostId,
    agentVersion: "bench",
    labels: {},
    host: { current: unknownTopology, refresh: async () => false },
    runners: [],
    spool: await SpoolIndex.load(spool),
    publisher,
    instanceId: "bench",
    measure: measureNothing,
    logger: silentLogger,
    clock: systemClock,
  });
  const link = new Link({
    target: place.address,
    dial: dialCoordinator,
    clock: systemClock,
    logger: silentLogger,
    random,
    hello: () => agent.hello(),
    heartbeat: () => agent.heartbeat(),
    onMessage: (message) => agent.handle(message),
  });
  agent.connect((message) => link.tell(message));
  const loops = [publisher, agent, link].map((part) => part.run(place.signal));
  return [
    ...loops.map((loop) => loop.catch(() => {})),
    closeAfter(place.signal, () => log.close()),
  ];
}

async function closeAfter(signal: AbortSignal, close: () => Promise<void>): Promise<void> {
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
  await close();
}

/** One launch a cell, terminal at once, with the samples of a real one. */
const measureNothing: MeasureShard = async ({ sweepId, shardId, grantId, cells }, report) => {
  const results = cells.map(({ cellId }, n) => ({
    ...benchResult(n).result,
    attemptId: randomId(),
    sweepId,
    shardId,
    grantId,
    cellId,
    hostId,
    launch: 1,
    terminal: "ok" as const,
  }));
  await report.results(results);
};

async function runSweep(operator: Operator, nats: string, cellCount: number): Promise<void> {
  const sweepId = makeUlid(Date.now());
  const log = await connectNatsLog({ servers: nats, name: "bench-submit", createStream: true });
  await submitPlan(planOf(cellCount), { sweepId, source: "", nowMs: Date.now() }, log);
  await log.close();
  // Submitted past the coordinator, which has to read it first.
  while (!(await listedSweeps(operator)).includes(sweepId)) await setImmediate();
  for await (const _change of operator.stream((client) => client.watchSweep({ sweepId }))) {
    // Followed to its end.
  }
  const { rows } = await fetchReport(operator, sweepId);
  if (rows.length !== cellCount) throw new Error(`${rows.length} of ${cellCount} cells counted`);
}

async function listedSweeps(operator: Operator): Promise<readonly string[]> {
  const { sweeps } = await operator.ask<ListSweepsResponse__Output>((client, limits, answer) =>
    client.listSweeps({}, limits, answer),
  );
  return sweeps.map((sweep) => sweep.sweepId);
}

function planOf(cellCount: number): SweepPlan {
  const cells = Array.from({ length: cellCount }, (_, n) => ({
    cellId: `c${n}`,
    cell: { runner: "noop", batch_size: n },
  }));
  const shards = Array.from({ length: Math.ceil(cellCount / cellsPerShard) }, (_, n) => ({
    shardId: `bench-${n}`,
    movableTo: [],
    cells: cells.slice(n * cellsPerShard, (n + 1) * cellsPerShard),
  }));
  const host = { hostId, shards, pruned: [], placements: [], estimatedSeconds: 0 };
  return {
    name: "bench",
    method: precisionModes.smoke,
    hosts: [{ ...host, estimateBasis: "none" }],
    unmatched: [],
  };
}
