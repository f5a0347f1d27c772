import { setMaxListeners } from "node:events";
import { join } from "node:path";
import { Agent } from "../../agent/agent.ts";
import { dialCoordinator } from "../../agent/link/dial.ts";
import { Link } from "../../agent/link/link.ts";
import { openSpool } from "../../agent/link/spool.ts";
import { makeSpoolPublisher } from "../../agent/link/spool-publisher.ts";
import type { MeasureShard } from "../../agent/shard-reporter.ts";
import { SpoolIndex } from "../../agent/spool-index.ts";
import { connectNatsLog } from "../../shared/bus/nats-log.ts";
import { unknownTopology } from "../../shared/domain/unknown-topology.ts";
import { systemClock } from "../../shared/runtime/clock.ts";
import { silentLogger } from "../../shared/runtime/logger.ts";
import { randomId } from "../../shared/runtime/random-id.ts";
import { benchResult } from "./log-histories.ts";

/**
 * A real agent but for its runner: each cell is one launch, over at once. Told by its arguments: HOST COORDINATOR
 * NATS DIRECTORY. Says `{"ready":true}` and ends with its stdin.
 */
const [, , hostId = "", coordinator = "", nats = "", directory = ""] = process.argv;

/** Terminal at once, with the samples of a real launch. */
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

const spool = await openSpool(join(directory, "spool"));
const log = await connectNatsLog({ servers: nats, name: hostId });
const random = Math.random;
const index = await SpoolIndex.load(spool);
const cellOf = (attemptId: string): string => index.cellOf(attemptId);
const publisher = makeSpoolPublisher({ spool, log, cellOf, random, onTrouble: () => {} });
const agent = new Agent({
  hostId,
  agentVersion: "bench",
  labels: {},
  host: { current: unknownTopology, refresh: async () => false },
  runners: [],
  spool: index,
  publisher,
  instanceId: randomId(),
  measure: measureNothing,
  logger: silentLogger,
  clock: systemClock,
});
const link = new Link({
  target: coordinator,
  dial: dialCoordinator,
  clock: systemClock,
  logger: silentLogger,
  random,
  hello: () => agent.hello(),
  heartbeat: () => agent.heartbeat(),
  onMessage: (message) => agent.handle(message),
});
agent.connect((message) => link.tell(message));
process.stdin.on("end", () => process.exit(0)).resume();
process.stdout.write(`${JSON.stringify({ ready: true })}\n`);
const { signal } = new AbortController();
// Every publish in flight listens for the end.
setMaxListeners(0, signal);
await Promise.all([publisher, agent, link].map((part) => part.run(signal)));
