import { credentials, makeGenericClientConstructor } from "@grpc/grpc-js";
import { service as healthService } from "grpc-health-check";
import { afterEach, expect, test, vi } from "vitest";
import { dialCoordinator } from "../agent/link/dial.ts";
import { Link } from "../agent/link/link.ts";
import type { GrpcServer } from "../coordinator/rpc/listening.ts";
import type { OperatorHub } from "../coordinator/rpc/operator.ts";
import type { ScheduleHub } from "../coordinator/rpc/schedules.ts";
import { serveGrpc } from "../coordinator/rpc/server.ts";
import type { TuneHub } from "../coordinator/rpc/tune.ts";
import type { HostSession, Refusal } from "../coordinator/sessions.ts";
import type { AttachResponse__Output } from "../proto/gen/fleetsweep/v1/AttachResponse.ts";
import type { Hello } from "../proto/gen/fleetsweep/v1/Hello.ts";
import { unknownTopology } from "../shared/domain/unknown-topology.ts";
import { receive, send } from "../shared/rpc/duplex.ts";
import { loadServices } from "../shared/rpc/load-proto.ts";
import { protocolVersion } from "../shared/rpc/protocol.ts";
import { systemClock } from "../shared/runtime/clock.ts";
import { type Logger, silentLogger } from "../shared/runtime/logger.ts";

/** The agent's link against the coordinator's real server, on loopback. */
const closers: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function startServer(listen = "127.0.0.1:0") {
  const sessions: HostSession[] = [];
  const spooled: string[] = [];
  const coordinator = {
    heartbeatMs: 60_000,
    attached: (session: HostSession) => sessions.push(session),
    factsChanged: () => {},
    spooled: (session: HostSession) => spooled.push(session.state),
    refused: (session: HostSession, { reason }: Refusal) => {
      session.refusal = reason;
    },
  };
  const desk = {} as OperatorHub;
  const server = await serveGrpc(listen, {
    coordinator,
    desk,
    tunes: {} as TuneHub,
    schedules: {} as ScheduleHub,
    logger: silentLogger,
  });
  closers.push(() => server.stop());
  return { server, sessions, spooled };
}

const topologyJson = JSON.stringify(unknownTopology);

const up = "the link is up";
const down = "the link is down";

function startLink({ address }: GrpcServer, hello: Hello = {}) {
  const lines: string[] = [];
  let dialled = 0;
  const say = (_fields: object, line: string): void => void lines.push(line);
  const messages: AttachResponse__Output[] = [];
  const stop = new AbortController();
  const link = new Link({
    target: address,
    dial: (target) => {
      dialled += 1;
      return dialCoordinator(target);
    },
    clock: systemClock,
    logger: { ...silentLogger, info: say, warn: say } as Logger,
    random: () => 0,
    hello: () => ({ protocolVersion, hostId: "h1", topologyJson, ...hello }),
    heartbeat: () => ({ state: "measuring", spoolDepth: 3 }),
    onMessage: (message) => messages.push(message),
  });
  const ended = link.run(stop.signal);
  closers.push(async () => {
    stop.abort();
    await ended.catch(() => {});
  });
  return { link, messages, lines, dials: () => dialled, ended };
}

test("an agent that says hello is welcomed, and both sides can speak", async () => {
  const { server, sessions, spooled } = await startServer();
  const { link, messages } = startLink(server);
  await vi.waitFor(() => expect(messages[0]?.welcome).toBeTruthy());
  link.tell({ heartbeat: { state: "measuring", spoolDepth: 3 } });
  await vi.waitFor(() => expect(spooled).toEqual(["measuring"]));
  sessions[0]?.push({ withdraw: { grantId: "g1", reason: "test" } });
  await vi.waitFor(() => expect(messages.at(-1)?.withdraw).toMatchObject({ grantId: "g1" }));
});

test("an agent beats at the pace that it is told, and at another one when it is told anew", async () => {
  const { server, sessions, spooled } = await startServer();
  const { messages } = startLink(server);
  await vi.waitFor(() => expect(messages[0]?.welcome?.heartbeatIntervalMs).toBe(60_000));
  // In the middle of a long interval: who had it to the end would be counted as away meanwhile.
  sessions[0]?.setPace(500);
  await vi.waitFor(() => expect(spooled.length).toBeGreaterThan(1), { timeout: 5_000 });
});

test("a link dials again when its stream ends, and when the coordinator was away", async () => {
  const first = await startServer();
  const { messages } = startLink(first.server);
  await vi.waitFor(() => expect(messages).toHaveLength(1));
  first.sessions[0]?.close("test");
  await vi.waitFor(() => expect(first.sessions).toHaveLength(2));
  await first.server.stop();
  const second = await startServer(first.server.address);
  await vi.waitFor(() => expect(second.sessions).toHaveLength(1), { timeout: 10_000 });
});

test("an outage is said once, however often the link dials, and the next one anew", async () => {
  const { server, sessions } = await startServer();
  const { lines, dials } = startLink(server);
  await vi.waitFor(() => expect(lines).toEqual([up]));
  await server.stop();
  await vi.waitFor(() => expect(dials()).toBeGreaterThan(20), { timeout: 10_000 });
  // That the stream ended, that nobody is there: once each.
  expect(lines.filter((line) => line === down).length).toBeLessThan(5);
  const second = await startServer(server.address);
  await vi.waitFor(() => expect(lines.at(-1)).toBe(up), { timeout: 10_000 });
  lines.length = 0;
  second.sessions[0]?.close("test");
  await vi.waitFor(() => expect(lines).toEqual([down, up]));
  expect(sessions).toHaveLength(1);
});

test("an agent of another protocol is refused with both versions, and does not dial again", async () => {
  const { server } = await startServer();
  const { ended } = startLink(server, { protocolVersion: protocolVersion + 1 });
  await expect(ended).rejects.toMatchObject({
    code: "link.version",
    message: expect.stringContaining(`version ${protocolVersion + 1}`),
  });
});

test.each([
  ["no Hello", { heartbeat: { state: "idle" } }, "first message must be Hello"],
  [
    "a name that is no id",
    { hello: { protocolVersion, hostId: "a.b", topologyJson } },
    "no id for a host",
  ],
  [
    "a topology that is none",
    { hello: { protocolVersion, hostId: "h1", topologyJson: "{}" } },
    "bad topology",
  ],
])(
  "a stream that begins with %s ends with a status that says so",
  async (_what, message, reason) => {
    const { server } = await startServer();
    const { AgentLinkService } = loadServices();
    const client = new AgentLinkService(server.address, credentials.createInsecure());
    closers.push(() => client.close());
    const call = client.attach();
    await send(call, message);
    await expect(receive(call).next()).rejects.toMatchObject({
      code: "link.protocol",
      message: expect.stringContaining(reason),
    });
  },
);

test("a coordinator answers the standard health check", async () => {
  const { server } = await startServer();
  const Health = makeGenericClientConstructor(healthService, "Health");
  const client = new Health(server.address, credentials.createInsecure());
  closers.push(() => client.close());
  const check = client["check"] as unknown as (
    request: { service: string },
    answer: (error: Error | null, response?: { status: string }) => void,
  ) => void;
  const status = await new Promise((resolve, reject) => {
    check.call(client, { service: "" }, (error, response) =>
      error === null ? resolve(response?.status) : reject(error),
    );
  });
  expect(status).toBe("SERVING");
});

test("a port that is taken is named", async () => {
  const { server } = await startServer();
  await expect(startServer(server.address)).rejects.toMatchObject({
    code: "config.invalid",
    message: expect.stringContaining(server.address),
  });
});
