import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import {
  type Authority,
  initAuthority,
  issueCredentials,
} from "../../coordinator/enrolment/authority.ts";
import { writeBusConfig } from "../../coordinator/enrolment/write-bus-config.ts";
import type { Log } from "../../shared/bus/log.ts";
import { openConnection } from "../../shared/bus/nats-connection.ts";
import { coordinatorInbox, hostInbox, natsIdentity } from "../../shared/bus/nats-identity.ts";
import { connectNatsLog } from "../../shared/bus/nats-log.ts";
import type { Identity } from "../../shared/domain/identity.ts";
import type { LogEvent } from "../../shared/domain/log-event.ts";
import { writeCredentials } from "../../shared/security/credentials.ts";
import { grant, result } from "../../shared/testing/log-events.ts";
import { makeTemporaryDirectory } from "../../shared/testing/temporary-directory.ts";

/** What a host can do to the log on a real nats-server with our configuration, and what it cannot. */
let directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>;
let authority: Authority;
let server: ChildProcess;
let url: string;
let coordinator: Log;

beforeAll(async () => {
  directory = await makeTemporaryDirectory();
  authority = await initAuthority(join(directory.path, "state"), Date.now());
  const place = join(directory.path, "nats");
  const file = await writeBusConfig(authority, {
    directory: place,
    listen: { host: "127.0.0.1", port: 0 },
    monitor: null,
    cluster: null,
    serverNames: ["127.0.0.1", "localhost"],
    hostIds: ["h1", "h2", "coordinator"],
    coordinators: ["c1"],
    nowMs: Date.now(),
    lifetimeMs: 3_600_000,
  });
  server = spawn("nats-server", ["-c", file], { stdio: "ignore" });
  url = await vi.waitFor(
    async () => {
      const text = await readFile(join(place, `nats-server_${server.pid}.ports`), "utf8");
      const { nats } = JSON.parse(text) as { nats: string[] };
      return `tls://127.0.0.1:${new URL(nats[0] ?? "").port}`;
    },
    { timeout: 30_000 },
  );
  const identity = { kind: "coordinator", name: "c1" } as const;
  coordinator = await openLog(identity, coordinatorInbox, true);
});

afterAll(async () => {
  await coordinator.close();
  server.kill();
  await once(server, "exit");
  await directory.remove();
});

async function options(identity: Identity, inbox: string) {
  const place = join(directory.path, `${identity.kind}-${Math.random()}`);
  const lifetime = { nowMs: Date.now(), lifetimeMs: 3_600_000 };
  await writeCredentials(place, await issueCredentials(authority, identity, lifetime));
  return { servers: url, name: "test", ...natsIdentity([url], place, inbox) };
}

async function openLog(identity: Identity, inbox: string, createStream = false): Promise<Log> {
  return await connectNatsLog({ ...(await options(identity, inbox)), createStream });
}

const host = (hostId: string): Identity => ({ kind: "host", hostId });
const resultOf = (hostId: string) => result({ hostId, grantId: "0".repeat(32) });
const messageId = () => `m${Math.random()}`;

test("a host appends its own result, and the coordinator reads it", async () => {
  const log = await openLog(host("h1"), hostInbox("h1"));
  const event = resultOf("h1");
  const seq = await log.append(event, { messageId: messageId() });
  const stop = new AbortController();
  for await (const entry of coordinator.read({ fromSeq: seq, signal: stop.signal })) {
    expect(entry).toMatchObject({ seq, event: { type: "result" } });
    break;
  }
  stop.abort();
  await log.close();
});

test.each([
  ["another host's result", (): LogEvent => resultOf("h2")],
  ["a grant", (): LogEvent => grant("0".repeat(32))],
  ["a seal", (): LogEvent => ({ type: "sealed", sweepId: "s1" })],
])("a host does not append %s", async (_what, event) => {
  const before = await coordinator.head();
  const log = await openLog(host("h1"), hostInbox("h1"));
  await expect(log.append(event(), { messageId: messageId() })).rejects.toMatchObject({
    code: "bus.rejected",
  });
  expect(await coordinator.head()).toEqual(before);
  await log.close();
});

test("the answer to a host's result, led into the log, is no event there", async () => {
  const { lastSeq } = await coordinator.head();
  const host1 = await openConnection(await options(host("h1"), hostInbox("h1")));
  const reply = "fs.log.s1.h1-0001.grant";
  host1.nats.publish("fs.log.s1.h1-0001.result.h1", new TextEncoder().encode("{}"), { reply });
  await host1.nats.flush();
  const stop = new AbortController();
  for await (const entry of coordinator.read({ fromSeq: lastSeq + 1, signal: stop.signal })) {
    expect(entry).toHaveProperty("corrupt");
    if (entry.seq > lastSeq + 1) break;
  }
  stop.abort();
  await host1.close();
});

test("a host reads neither the log nor what others are told, even one that is called coordinator", async () => {
  const hearing = await openConnection(
    await options(host("coordinator"), hostInbox("coordinator")),
  );
  for (const subject of [">", "fs.>", "_INBOX.>", `${coordinatorInbox}.>`, "_INBOX_h1.>"]) {
    const refused = new Promise((resolve) => {
      hearing.nats.subscribe(subject, { callback: (error) => resolve(error?.message) });
    });
    const due = expect.stringMatching(/permissions violation/i);
    expect([subject, await refused]).toEqual([subject, due]);
  }
  await hearing.close();
  const log = await openLog(host("h1"), hostInbox("h1"));
  await expect(log.head()).rejects.toMatchObject({ code: expect.stringMatching(/^bus\./) });
  await log.close();
});

test.each([
  ["a host that is not in the configuration", async () => options(host("h9"), hostInbox("h9"))],
  [
    "an operator",
    async () => options({ kind: "operator", name: "ann", role: "admin" }, coordinatorInbox),
  ],
  ["nobody", async () => ({ servers: url, name: "test" })],
])("the server does not know %s", async (_who, given) => {
  await expect(connectNatsLog(await given())).rejects.toMatchObject({
    code: expect.stringMatching(/^bus\./),
  });
});

test.each([
  ["speaks no TLS", "CONNECT {}\r\nPUB fs.log.s1.1.grant 2\r\n{}\r\n".repeat(100)],
  // The configuration's timeout of 5 s ends it.
  ["says nothing", ""],
])("a peer that %s is put off", { timeout: 30_000 }, async (_what, text) => {
  const before = (await coordinator.head()).lastSeq;
  const { port } = new URL(url.replace("tls:", "http:"));
  const socket = createConnection({ host: "127.0.0.1", port: Number(port) });
  // A reset puts it off as well as an end.
  socket.on("error", () => {});
  const ended = new Promise((resolve) => socket.once("close", resolve));
  socket.write(text);
  socket.resume();
  await ended;
  expect((await coordinator.head()).lastSeq).toBe(before);
});
