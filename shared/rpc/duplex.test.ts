import { once } from "node:events";
import {
  type ClientDuplexStream,
  credentials,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  status as Status,
  type StatusObject,
} from "@grpc/grpc-js";
import { afterEach, expect, test } from "vitest";
import type {
  AttachRequest,
  AttachRequest__Output,
} from "../../proto/gen/fleetsweep/v1/AttachRequest.ts";
import type {
  AttachResponse,
  AttachResponse__Output,
} from "../../proto/gen/fleetsweep/v1/AttachResponse.ts";
import { FleetsweepError } from "../domain/errors.ts";
import { receive, send } from "./duplex.ts";
import { loadServices } from "./load-proto.ts";
import { toStatus } from "./status.ts";

type ServerCall = ServerDuplexStream<AttachRequest__Output, AttachResponse>;
type ClientCall = ClientDuplexStream<AttachRequest, AttachResponse__Output>;

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** A real server on loopback whose Attach is `serve`, and one call of a real client to it. */
async function dial(serve: (call: ServerCall) => Promise<void>): Promise<ClientCall> {
  const { AgentLinkService } = loadServices();
  const server = new Server();
  server.addService(AgentLinkService.service, {
    Attach: (call: ServerCall) => {
      serve(call).catch((error: unknown) => call.emit("error", toStatus(error)));
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  const client = new AgentLinkService(`127.0.0.1:${port}`, credentials.createInsecure());
  const call = client.Attach();
  call.on("error", () => undefined); // Each test reads the status instead.
  cleanups.push(() => {
    call.cancel();
    client.close();
    server.forceShutdown();
  });
  return call;
}

async function statusOf(call: ClientCall): Promise<StatusObject> {
  const [status] = (await once(call, "status")) as [StatusObject];
  return status;
}

function heartbeat(spoolDepth: number): AttachRequest {
  return { heartbeat: { state: "idle", spoolDepth } };
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

function listenerCount(call: ServerCall): number {
  const names = ["drain", "close", "cancelled", "status"];
  return names.reduce((sum, name) => sum + call.listenerCount(name), 0);
}

/** About 16 KiB, so that few of them fill the flow-control windows of HTTP/2. */
function bulkyRelease(index: number): AttachResponse {
  return { release: { attemptIds: [String(index), "x".repeat(16_384)] } };
}

test("messages arrive in order and a client that ends gets status 0", async () => {
  const seen: number[] = [];
  const call = await dial(async (serverCall) => {
    for await (const message of receive<AttachRequest__Output>(serverCall)) {
      seen.push(message.heartbeat?.spoolDepth ?? -1);
    }
    serverCall.end();
  });
  call.resume();
  const ended = statusOf(call);
  for (let index = 0; index < 100; index += 1) await send(call, heartbeat(index));
  call.end();
  expect((await ended).code).toBe(Status.OK);
  expect(seen).toEqual(Array.from({ length: 100 }, (_, index) => index));
});

test("a handler that throws in its loop gives the client its status and code", async () => {
  const call = await dial(async (serverCall) => {
    for await (const message of receive<AttachRequest__Output>(serverCall)) {
      throw new FleetsweepError("link.version", `no heartbeat ${message.heartbeat?.state}`);
    }
  });
  await send(call, heartbeat(1));
  await expect(receive(call).next()).rejects.toMatchObject({
    code: "link.version",
    message: "no heartbeat idle",
  });
});

test("a handler that leaves its loop early still ends the call with status 0", async () => {
  const call = await dial(async (serverCall) => {
    for await (const _ of receive(serverCall)) break;
    serverCall.end();
  });
  call.resume();
  const ended = statusOf(call);
  await send(call, heartbeat(1));
  expect((await ended).code).toBe(Status.OK);
});

test("a client that cancels ends the handler's loop, and the call says that it was cancelled", async () => {
  const left = deferred<boolean>();
  const call = await dial(async (serverCall) => {
    try {
      for await (const _ of receive(serverCall)) call.cancel();
    } finally {
      if (!serverCall.cancelled) await once(serverCall, "cancelled");
      left.resolve(serverCall.cancelled);
    }
  });
  await send(call, heartbeat(1));
  expect(await left.promise).toBe(true);
});

test("a slow reader makes send wait, so that no more than the high-water mark is queued", async () => {
  const count = 600;
  const stalled = deferred<number>();
  let deepest = 0;
  const call = await dial(async (serverCall) => {
    for (let index = 0; index < count; index += 1) {
      const sent = send(serverCall, bulkyRelease(index));
      deepest = Math.max(deepest, serverCall.writableLength);
      if (serverCall.writableNeedDrain) stalled.resolve(index);
      await sent;
    }
    serverCall.end();
  });
  expect(await stalled.promise).toBeLessThan(count - 1);
  const indexes: number[] = [];
  for await (const message of receive<AttachResponse__Output>(call)) {
    indexes.push(Number(message.release?.attemptIds[0]));
  }
  expect(indexes).toEqual(Array.from({ length: count }, (_, index) => index));
  expect(deepest).toBeLessThanOrEqual(16);
});

test("a send that waits is given up when the client cancels, and leaves no listener", async () => {
  const outcome = deferred<unknown>();
  const stalled = deferred<void>();
  const call = await dial(async (serverCall) => {
    const before = listenerCount(serverCall);
    try {
      for (let index = 0; ; index += 1) {
        const sent = send(serverCall, bulkyRelease(index));
        if (serverCall.writableNeedDrain) stalled.resolve();
        await sent;
      }
    } catch (error) {
      outcome.resolve({ error, listeners: listenerCount(serverCall) - before });
    }
  });
  await stalled.promise;
  call.cancel();
  expect(await outcome.promise).toMatchObject({
    error: { code: "link.unavailable" },
    listeners: 0,
  });
});

/** Sends until the server stops reading, and tells when; fails when the call ends. */
async function sendForEver(call: ClientCall, stalled: () => void): Promise<never> {
  for (;;) {
    const sent = send(call, { factsChanged: { topologyJson: "x".repeat(16_384) } });
    if (call.writableNeedDrain) stalled();
    await sent;
  }
}

test("a client's send that waits fails with the code that the server ended the call with", async () => {
  const stalled = deferred<void>();
  const call = await dial(async () => {
    await stalled.promise;
    throw new FleetsweepError("link.protocol", "Hello was expected");
  });
  const sending = sendForEver(call, stalled.resolve);
  await expect(sending).rejects.toMatchObject({ code: "link.protocol" });
});

test("a client's send that waits fails when the server ends the call well", async () => {
  const stalled = deferred<void>();
  const call = await dial(async (serverCall) => {
    await stalled.promise;
    serverCall.end();
  });
  call.resume();
  const sending = sendForEver(call, stalled.resolve);
  await expect(sending).rejects.toMatchObject({ code: "link.unavailable" });
});

test("a send on a call that has ended is refused", async () => {
  const call = await dial(async (serverCall) => {
    serverCall.end();
  });
  call.resume();
  await statusOf(call);
  call.end();
  await expect(send(call, heartbeat(1))).rejects.toMatchObject({ code: "link.unavailable" });
});
