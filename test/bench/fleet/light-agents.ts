import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { dialCoordinator, type LinkStream } from "../../../agent/link/dial.ts";
import type { Assign__Output } from "../../../proto/gen/fleetsweep/v1/Assign.ts";
import type { AttachRequest } from "../../../proto/gen/fleetsweep/v1/AttachRequest.ts";
import type { AttachResponse__Output } from "../../../proto/gen/fleetsweep/v1/AttachResponse.ts";
import { busLimits } from "../../../shared/bus/bus-limits.ts";
import { makeInFlight } from "../../../shared/bus/in-flight.ts";
import { type EncodedEvent, encodeEvent } from "../../../shared/bus/log-codec.ts";
import { connectNatsLog } from "../../../shared/bus/nats-log.ts";
import { backoffMs } from "../../../shared/domain/backoff.ts";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import type { ResultEvent } from "../../../shared/domain/log-event.ts";
import { unknownTopology } from "../../../shared/domain/unknown-topology.ts";
import { receive, send } from "../../../shared/rpc/duplex.ts";
import { protocolVersion } from "../../../shared/rpc/protocol.ts";
import { randomId } from "../../../shared/runtime/random-id.ts";
import { benchResult } from "../log-histories.ts";

/**
 * Many agents in one process that speak the real protocol, and measure nothing: a result for each cell of a
 * grant is published as soon as it is assigned. They beat as often as the coordinator wants, and dial again
 * where a stream ends. Started by the bench, told by its arguments: FIRST COUNT COORDINATOR NATS [TOPOLOGY],
 * the last a file with the topology that all of them have. Says what happens as JSON lines, and ends with its
 * stdin.
 */
const [first = 0, count = 0] = process.argv.slice(2).map(Number);
const [, , coordinator = "", nats = "", topologyFile = ""] = process.argv.slice(2);

const topologyJson =
  topologyFile === "" ? JSON.stringify(unknownTopology) : readFileSync(topologyFile, "utf8");
const say = (what: object): void => {
  process.stdout.write(`${JSON.stringify(what)}\n`);
};

const idle = { state: "idle", spoolDepth: 0 };
/** As the agent's own. */
const redial = { baseMs: 500, capMs: 30_000 } as const;
/** As often as the bench looks. */
const tellMs = 1_000;

/** What a result says beside its ids; as text, for it is the coordinator and the bus that are measured. */
const place = ["SWEEP", "SHARD", "HOST", "GRANT", "CELL", "ATTEMPT"] as const;
const template = encodeEvent(templateEvent());
const [subjectPieces, payloadPieces] = [cut(template.subject), cut(template.payload)];

/** So many hosts at once have more to say than one client queues. */
const turns = makeInFlight({
  running: busLimits.appendsInFlight,
  queued: Number.POSITIVE_INFINITY,
});

const log = await connectNatsLog({ servers: nats, name: "bench" });
const figures = { welcomed: 0, redials: 0, heartbeats: 0, published: 0, lastLoss: "" };
const welcomed = new Set<string>();
setInterval(() => say(figures), tellMs).unref();
for (let n = first; n < first + count; n += 1) {
  keepAttached(`bench-${n}`).catch((error: unknown) => say({ failed: String(error) }));
  // As a fleet whose agents were started one after the other within a second or so.
  if (n % 50 === 49) await wait(10);
}
process.stdin.on("end", () => process.exit(0)).resume();
// An end of its own accord, which writes the profile that may be asked for.
process.on("SIGTERM", () => process.exit(0));

async function keepAttached(hostId: string): Promise<never> {
  const agent: LightAgent = { hostId, instanceId: randomId(), assigned: false };
  for (let failures = 0; ; failures += 1) {
    try {
      await attach(agent);
    } catch (error) {
      if (!(error instanceof FleetsweepError)) throw error;
      figures.lastLoss = error.message;
    }
    figures.redials += 1;
    await wait(backoffMs(failures, redial, Math.random()));
  }
}

interface LightAgent {
  readonly hostId: string;
  readonly instanceId: string;
  /** Whether it ever had a grant. */
  assigned: boolean;
}

/** One stream, from hello to its end. */
async function attach(agent: LightAgent): Promise<void> {
  const { hostId, instanceId } = agent;
  const stream = dialCoordinator(coordinator);
  const beat: Beat = { stream, timer: undefined };
  try {
    const hello = { protocolVersion, hostId, agentVersion: "bench", topologyJson, runners: [] };
    await send(stream.call, { hello: { ...hello, instanceId } } satisfies AttachRequest);
    for await (const message of receive<AttachResponse__Output>(stream.call)) {
      if (message.welcome) {
        welcome(hostId);
        beatEvery(message.welcome.heartbeatIntervalMs, beat);
      }
      if (message.assign) take(agent, message.assign, stream);
    }
  } finally {
    clearInterval(beat.timer);
    stream.close();
  }
}

function welcome(hostId: string): void {
  if (welcomed.has(hostId)) return;
  welcomed.add(hostId);
  figures.welcomed = welcomed.size;
  if (welcomed.size === count) say({ connected: count });
}

interface Beat {
  readonly stream: LinkStream;
  timer: ReturnType<typeof setInterval> | undefined;
}

function beatEvery(intervalMs: number, beat: Beat): void {
  clearInterval(beat.timer);
  beat.timer = setInterval(() => {
    figures.heartbeats += 1;
    tell(beat.stream, { heartbeat: idle });
  }, intervalMs);
}

/** What is lost with its stream is said again on the next. */
function tell({ call }: LinkStream, message: AttachRequest): void {
  send(call, message).catch(() => {});
}

function take(agent: LightAgent, assignment: Assign__Output, stream: LinkStream): void {
  if (!agent.assigned) say({ assigned: Date.now() });
  agent.assigned = true;
  answer(agent.hostId, assignment).catch((error: unknown) => say({ failed: String(error) }));
  // As a real one, which has measured before its results are counted.
  tell(stream, { heartbeat: idle });
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
      await turns.run(() =>
        publish(
          { subject: fill(subjectPieces, ids), payload: fill(payloadPieces, ids) },
          attemptId,
        ),
      );
      figures.published += 1;
    }),
  );
}

/** The text between the ids, and where in {@link place} each of them is. */
function cut(text: string): readonly (string | number)[] {
  return text
    .split(new RegExp(`(${place.join("|")})`))
    .map((piece) => (place.some((word) => word === piece) ? place.indexOf(piece as never) : piece));
}

function fill(pieces: readonly (string | number)[], ids: readonly string[]): string {
  let text = "";
  for (const piece of pieces) text += typeof piece === "number" ? ids[piece] : piece;
  return text;
}

/** As often as it takes. */
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
