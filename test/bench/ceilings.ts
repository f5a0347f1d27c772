import { join } from "node:path";
import { credentials, Server, ServerCredentials, type ServerDuplexStream } from "@grpc/grpc-js";
import { connect } from "nats";
import { openProjection } from "../../coordinator/store/projection.ts";
import type { AttachRequest__Output } from "../../proto/gen/fleetsweep/v1/AttachRequest.ts";
import type { AttachResponse } from "../../proto/gen/fleetsweep/v1/AttachResponse.ts";
import { busLimits } from "../../shared/bus/bus-limits.ts";
import { decodeEvent, encodeEvent } from "../../shared/bus/log-codec.ts";
import { connectNatsLog } from "../../shared/bus/nats-log.ts";
import { applyEvent, emptyLogState } from "../../shared/domain/fold.ts";
import { receive, send } from "../../shared/rpc/duplex.ts";
import { loadServices } from "../../shared/rpc/load-proto.ts";
import { startNatsServer } from "../../shared/runtime/nats-server.ts";
import { makeTemporaryDirectory } from "../../shared/testing/temporary-directory.ts";
import { benchResult, foldHistory, sweepHistory } from "./log-histories.ts";
import { type Rate, timeRate } from "./rate.ts";

/** Runs `work` with a fresh nats-server and its process, which are gone afterwards. */
export async function withNatsServer<Value>(
  work: (url: string, pid: number) => Promise<Value>,
): Promise<Value> {
  const directory = await makeTemporaryDirectory();
  const { maxPayloadBytes } = busLimits;
  const server = await startNatsServer({ directory: directory.path, maxPayloadBytes });
  try {
    return await work(server.url, server.pid);
  } finally {
    await server.stop();
    await directory.remove();
  }
}

/** What the server and the client library give: acknowledged publishes of ready bytes to one stream. */
export async function measureRawPublishes(url: string, count: number): Promise<Rate> {
  const log = await connectNatsLog({ servers: url, name: "bench", createStream: true });
  const client = await connect({ servers: url });
  const stream = client.jetstream();
  const { subject, payload } = encodeEvent(benchResult(0));
  const bytes = new TextEncoder().encode(payload);
  const rate = await timeRate("JetStream acked publishes, ready bytes", count, () =>
    inParallel(count, async (n) => {
      await stream.publish(subject, bytes, { msgID: `raw-${count}-${n}` });
    }),
  );
  await client.close();
  await log.close();
  return rate;
}

/** The product's own way: an event encoded, checked and acknowledged. */
export async function measureAppends(url: string, count: number): Promise<Rate> {
  const log = await connectNatsLog({ servers: url, name: "bench", createStream: true });
  const rate = await timeRate("log appends (encode, publish, ack)", count, () =>
    inParallel(count, async (n) => {
      await log.append(benchResult(n), { messageId: `append-${count}-${n}` });
    }),
  );
  await log.close();
  return rate;
}

/** Everything that stands in the log, read and decoded. */
export async function measureReads(url: string): Promise<Rate> {
  const log = await connectNatsLog({ servers: url, name: "bench", createStream: true });
  const { lastSeq } = await log.head();
  const enough = new AbortController();
  const rate = await timeRate("log entries read (deliver, decode)", lastSeq, async () => {
    for await (const { seq } of log.read({ fromSeq: 1, signal: enough.signal })) {
      if (seq === lastSeq) enough.abort();
    }
  });
  await log.close();
  return rate;
}

/** One bidirectional stream with client and server in this process: heartbeats up, none lost. */
export async function measureGrpcMessages(count: number): Promise<Rate> {
  const { AgentLinkService } = loadServices();
  const server = new Server();
  let received = 0;
  server.addService(AgentLinkService.service, {
    Attach: (call: ServerDuplexStream<AttachRequest__Output, AttachResponse>) => {
      drain(call).catch((error: unknown) => call.emit("error", error));
    },
  });
  async function drain(call: ServerDuplexStream<AttachRequest__Output, AttachResponse>) {
    for await (const _message of receive<AttachRequest__Output>(call)) received += 1;
    call.end();
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  const client = new AgentLinkService(`127.0.0.1:${port}`, credentials.createInsecure());
  const rate = await timeRate("grpc-js messages on one stream", count, async () => {
    const call = client.Attach();
    for (let n = 0; n < count; n += 1) {
      await send(call, { heartbeat: { state: "measuring", spoolDepth: n } });
    }
    call.end();
    for await (const _response of receive<unknown>(call)) throw new Error("no message is due");
  });
  client.close();
  server.forceShutdown();
  if (received !== count) throw new Error(`${received} of ${count} messages arrived`);
  return rate;
}

export function measureCodec(count: number): Promise<Rate> {
  return timeRate("results encoded and decoded", count, () => {
    for (let n = 0; n < count; n += 1) {
      const { subject, payload } = encodeEvent(benchResult(n));
      if ("corrupt" in decodeEvent(subject, payload)) throw new Error("a good event is corrupt");
    }
  });
}

export async function measureFold(cellCount: number): Promise<Rate> {
  const events = sweepHistory(cellCount);
  return timeRate("events folded", events.length, () => {
    const state = emptyLogState();
    for (const event of events) {
      if (applyEvent(state, event).ignored !== null) throw new Error("the history is not whole");
    }
  });
}

/** Entries to rows on the disk, `perBatch` a transaction. */
export async function measureProjection(cellCount: number, perBatch: number): Promise<Rate> {
  const directory = await makeTemporaryDirectory();
  const entries = foldHistory(sweepHistory(cellCount));
  const projection = await openProjection(join(directory.path, "projection.duckdb"));
  const what = `entries projected, ${perBatch} a transaction`;
  const rate = await timeRate(what, entries.length, async () => {
    for (let start = 0; start < entries.length; start += perBatch) {
      await projection.apply(entries.slice(start, start + perBatch));
    }
  });
  await projection.close();
  await directory.remove();
  return rate;
}

/** `count` calls with as many in flight as the product allows. */
async function inParallel(count: number, call: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const n = next;
      next += 1;
      await call(n);
    }
  };
  await Promise.all(Array.from({ length: busLimits.appendsInFlight }, lane));
}
