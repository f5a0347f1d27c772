import { setTimeout as wait } from "node:timers/promises";
import { credentials } from "@grpc/grpc-js";
import type { Assign__Output } from "../../../proto/gen/fleetsweep/v1/Assign.ts";
import type { AttachRequest } from "../../../proto/gen/fleetsweep/v1/AttachRequest.ts";
import type { AttachResponse__Output } from "../../../proto/gen/fleetsweep/v1/AttachResponse.ts";
import { type EncodedEvent, encodeEvent } from "../../../shared/bus/log-codec.ts";
import { connectNatsLog } from "../../../shared/bus/nats-log.ts";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import type { ResultEvent } from "../../../shared/domain/log-event.ts";
import { unknownTopology } from "../../../shared/domain/unknown-topology.ts";
import { receive, send } from "../../../shared/rpc/duplex.ts";
import { loadServices } from "../../../shared/rpc/load-proto.ts";
import { channelOptions, protocolVersion } from "../../../shared/rpc/protocol.ts";
import { randomId } from "../../../shared/runtime/random-id.ts";
import { benchResult } from "../log-histories.ts";

/**
 * Many agents in one process that speak the real protocol, and measure nothing: a result for each cell of a
 * grant is published as soon as it is assigned. Started by the bench, told by its arguments:
 * FIRST COUNT COORDINATOR NATS HEARTBEAT_MS. Says what happens as JSON lines, and ends with its stdin.
 */
const [first = 0, count = 0, , , heartbeatMs = 5_000] = process.argv.slice(2).map(Number);
const [, , coordinator = "", nats = ""] = process.argv.slice(2);

const topologyJson = JSON.stringify(unknownTopology);
const say = (what: object): void => {
  process.stdout.write(`${JSON.stringify(what)}\n`);
};

const idle = { state: "idle", spoolDepth: 0 };

/** What a result says beside its ids; as text, for it is the coordinator and the bus that are measured. */
const place = ["SWEEP", "SHARD", "HOST", "GRANT", "CELL", "ATTEMPT"] as const;
const template = encodeEvent(templateEvent());

const log = await connectNatsLog({ servers: nats, name: "bench" });
const { AgentLinkService } = loadServices();
let connected = 0;
for (let n = first; n < first + count; n += 1) {
  startAgent(`bench-${n}`).catch((error: unknown) => say({ failed: String(error) }));
  // As a fleet whose agents were started one after the other within a second or so.
  if (n % 50 === 49) await new Promise((resolve) => setTimeout(resolve, 10));
}
process.stdin.on("end", () => process.exit(0)).resume();

async function startAgent(hostId: string): Promise<void> {
  const client = new AgentLinkService(coordinator, credentials.createInsecure(), channelOptions);
  const call = client.attach();
  const hello = { protocolVersion, hostId, agentVersion: "bench", topologyJson, runners: [] };
  await send(call, { hello: { ...hello, instanceId: randomId() } } satisfies AttachRequest);
  let isFirst = true;
  for await (const message of receive<AttachResponse__Output>(call)) {
    if (message.message === "welcome") {
      connected += 1;
      if (connected === count) say({ connected });
      setInterval(() => {
        send(call, { heartbeat: idle }).catch(() => {});
      }, heartbeatMs).unref();
    }
    if (message.assign) {
      if (isFirst) say({ assigned: Date.now() });
      isFirst = false;
      answer(hostId, message.assign).catch((error: unknown) => say({ failed: String(error) }));
      // As a real one, which has measured before its results are counted.
      await send(call, { heartbeat: idle });
    }
  }
}

function templateEvent(): ResultEvent {
  const [sweepId, shardId, hostId, grantId, cellId, attemptId] = place;
  const ids = { sweepId, shardId, hostId, grantId, cellId, attemptId };
  const result = { ...benchResult(0).result, ...ids, launch: 1, terminal: "ok" as const };
  return { type: "result", sweepId, shardId, result };
}

async function answer(
  hostId: string,
  { sweepId, shardId, grantId, cells }: Assign__Output,
): Promise<void> {
  await Promise.all(
    cells.map(async ({ cellId }) => {
      const attemptId = randomId();
      const ids = [sweepId, shardId, hostId, grantId, cellId, attemptId];
      const fill = (text: string): string =>
        place.reduce((filled, word, n) => filled.replaceAll(word, ids[n] ?? ""), text);
      const message = { subject: fill(template.subject), payload: fill(template.payload) };
      await publish(message, attemptId);
    }),
  );
}

/** As often as it takes: so many hosts at once are more than one client queues. */
async function publish(message: EncodedEvent, messageId: string): Promise<void> {
  for (;;) {
    try {
      await log.appendEncoded(message, { messageId });
      return;
    } catch (error) {
      if (!(error instanceof FleetsweepError && error.retryable)) throw error;
      await wait(20 + Math.random() * 80);
    }
  }
}
