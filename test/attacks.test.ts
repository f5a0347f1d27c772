import { once } from "node:events";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { Client } from "@grpc/grpc-js";
import { expect, test, vi } from "vitest";
import { askToEnrol } from "../agent/enrolment/identity-client.ts";
import { withOperatorAt } from "../coordinator/cli/operator-client.ts";
import { FleetsweepError } from "../shared/domain/errors.ts";
import { channelCredentials } from "../shared/rpc/channel-credentials.ts";
import { loadServices } from "../shared/rpc/load-proto.ts";
import { channelOptions, maxMessageBytes } from "../shared/rpc/protocol.ts";
import { fromStatus } from "../shared/rpc/status.ts";
import { makeRequest } from "../shared/security/certificate.ts";
import { makeKey } from "../shared/security/keys.ts";
import { type SecuredCoordinator, startSecured } from "./support/secured-coordinator.ts";

/** What strangers and holders of certificates may throw at a coordinator's ports, over real TLS. */
const admin = { kind: "operator", name: "ann", role: "admin" } as const;

/** Whether both ports still answer those who may ask. */
async function isServing(fleet: SecuredCoordinator): Promise<boolean> {
  const place = { address: fleet.address, trust: await fleet.issue(admin) };
  await withOperatorAt(place, new AbortController().signal, (operator) =>
    operator.ask<object>((client, limits, answer) => client.listSweeps({}, limits, answer)),
  );
  const trust = { caPem: fleet.authority.held.certificatePem };
  const certificateRequest = await makeRequest(makeKey());
  const request = { token: await fleet.token(), hostId: "h1", certificateRequest };
  return (await askToEnrol(fleet.enrolment, trust, request)).includes("CERTIFICATE");
}

const placeOf = (address: string) => {
  const [host = "", port] = address.split(":");
  return { host, port: Number(port) };
};

async function untilClosed(socket: Socket): Promise<void> {
  socket.on("error", () => {});
  socket.resume();
  if (!socket.closed) await once(socket, "close");
}

test.each([
  ["nothing that means anything", Buffer.alloc(65_536, 0x41)],
  ["HTTP/1.1", Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n")],
  ["HTTP/2 without TLS", Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")],
])("who says %s to a port is cut off, and others are served", async (_what, bytes) => {
  const fleet = await startSecured();
  for (const address of [fleet.address, fleet.enrolment]) {
    const socket = connectTcp(placeOf(address));
    socket.write(bytes);
    await untilClosed(socket);
  }
  const due = ["agents and operators", "enrolment"].map((target) => ({
    actor: "nobody",
    peer: expect.stringContaining("127.0.0.1:"),
    action: "Handshake",
    target,
    outcome: "refused",
    code: "access.unauthenticated",
  }));
  await vi.waitFor(async () => expect(await fleet.audit()).toMatchObject(due));
  expect(await isServing(fleet)).toBe(true);
});

test("who connects and goes away again, as a probe does, leaves no line in the audit trail", async () => {
  const fleet = await startSecured();
  const socket = connectTcp(placeOf(fleet.address));
  await once(socket, "connect");
  socket.end();
  await untilClosed(socket);
  expect(await isServing(fleet)).toBe(true);
  expect(await fleet.audit()).toMatchObject([{ action: "Enrol" }]);
});

test("who speaks nonsense inside TLS to the port for enrolment is cut off, and others are served", async () => {
  const fleet = await startSecured();
  const options = { ...placeOf(fleet.enrolment), rejectUnauthorized: false, ALPNProtocols: ["h2"] };
  const socket = connectTls(options, () => socket.write(Buffer.alloc(65_536, 0x41)));
  await untilClosed(socket);
  expect(await isServing(fleet)).toBe(true);
});

test("TLS of an older version is refused", async () => {
  const fleet = await startSecured();
  for (const address of [fleet.address, fleet.enrolment]) {
    const socket = connectTls({
      ...placeOf(address),
      rejectUnauthorized: false,
      maxVersion: "TLSv1.2",
    });
    const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
    expect(error.code).toMatch(/PROTOCOL_VERSION|ECONNRESET/);
  }
  await vi.waitFor(async () => {
    const reasons = (await fleet.audit()).map(({ reason }) => reason);
    const due = expect.stringContaining("unsupported protocol");
    expect(reasons).toEqual([due, due]);
  });
});

test("who connects and says nothing is cut off, on every port, before and after the handshake", async () => {
  const fleet = await startSecured();
  const silent = [fleet.address, fleet.enrolment].map((address) => connectTcp(placeOf(address)));
  // The first byte of a handshake, and never the next one.
  for (const socket of silent) socket.write(Buffer.from([0x16]));
  const options = { ...placeOf(fleet.enrolment), rejectUnauthorized: false, ALPNProtocols: ["h2"] };
  const shaken = connectTls(options);
  await Promise.all([...silent, shaken].map(untilClosed));
  await vi.waitFor(async () => {
    const reasons = (await fleet.audit()).map(({ reason }) => reason);
    const due = "the handshake was not finished in time";
    expect(reasons).toEqual([due, due]);
  });
  expect(await isServing(fleet)).toBe(true);
}, 60_000);

test("a message above the limit is refused, on both ports", async () => {
  const fleet = await startSecured();
  const trust = { caPem: fleet.authority.held.certificatePem };
  const long = { token: "x".repeat(20_000), hostId: "h1", certificateRequest: "" };
  await expect(askToEnrol(fleet.enrolment, trust, long)).rejects.toMatchObject({
    message: expect.stringContaining("larger than max"),
  });
  await expect(submit(fleet, "x".repeat(maxMessageBytes), {})).rejects.toMatchObject({
    message: expect.stringContaining("larger than max"),
  });
  const [unheard, byAnn] = [{ outcome: "refused", code: "link.protocol" }, "operator/admin/ann"];
  await vi.waitFor(async () =>
    expect(await fleet.audit()).toMatchObject([
      { ...unheard, actor: "nobody", action: "Enrol" },
      { ...unheard, actor: byAnn, action: "SubmitSweep" },
    ]),
  );
  expect(await isServing(fleet)).toBe(true);
});

test("a small message that unpacks to a large one is refused", async () => {
  const fleet = await startSecured();
  const gzip = { "grpc.default_compression_algorithm": 2 } as const;
  await expect(submit(fleet, "x".repeat(64 * 1024 * 1024), gzip)).rejects.toMatchObject({
    message: expect.stringMatching(/larger than max|decompresse/i),
  });
  await vi.waitFor(async () =>
    expect(await fleet.audit()).toMatchObject([{ action: "SubmitSweep", outcome: "refused" }]),
  );
  expect(await isServing(fleet)).toBe(true);
});

async function submit(
  fleet: SecuredCoordinator,
  source: string,
  options: { readonly "grpc.default_compression_algorithm"?: 2 },
): Promise<void> {
  const { OperatorService } = loadServices();
  const unlimited = { ...channelOptions, "grpc.max_send_message_length": -1, ...options };
  const security = channelCredentials(await fleet.issue(admin));
  const client = new OperatorService(fleet.address, security, unlimited);
  try {
    await new Promise<void>((resolve, reject) => {
      client.submitSweep({ sweepId: "s1", fileName: "f.yaml", source }, (error) =>
        error === null ? resolve() : reject(fromStatus(error)),
      );
    });
  } finally {
    client.close();
  }
}

test.each([
  // Unknown fields are skipped by a call for each of these groups, which never end.
  ["groups within groups", Buffer.alloc(1_000_000, 0x0b)],
  // Field 15, which no message has, with more bytes than there are.
  ["a field that is longer than its message", Buffer.from([0x7a, 0xff, 0xff, 0xff, 0xff, 0x0f])],
  ["a varint without an end", Buffer.alloc(64, 0xff)],
])("a message of %s is refused, with a line in the audit trail", async (_what, bytes) => {
  const fleet = await startSecured();
  const client = new Client(fleet.address, channelCredentials(await fleet.issue(admin)));
  const path = "/fleetsweep.v1.OperatorService/SubmitSweep";
  const asIs = (value: Buffer): Buffer => value;
  const answer = new Promise((resolve) => {
    client.makeUnaryRequest(path, asIs, asIs, bytes, (error) => resolve(error?.details));
  });
  expect(await answer).toMatch(/deserializ/);
  client.close();
  const line = { actor: "operator/admin/ann", action: "SubmitSweep", outcome: "refused" };
  await vi.waitFor(async () => expect(await fleet.audit()).toMatchObject([line]));
  expect(await isServing(fleet)).toBe(true);
});

test("a call that is let in and then refused for what it asks has that in the audit trail as well", async () => {
  const refuse = async (): Promise<never> => {
    throw new FleetsweepError("sweep.invalid", "f.yaml:1:1: too many aliases");
  };
  const fleet = await startSecured({ desk: { submit: refuse } });
  await expect(submit(fleet, "a: &a [*a, *a]", {})).rejects.toMatchObject({
    code: "sweep.invalid",
  });
  const line = { actor: "operator/admin/ann", action: "SubmitSweep", target: "s1" };
  expect(await fleet.audit()).toMatchObject([
    { ...line, outcome: "allowed" },
    { ...line, outcome: "refused", code: "sweep.invalid", reason: "f.yaml:1:1: too many aliases" },
  ]);
});

const badNames = [
  "../../etc/cron.d/x",
  "..",
  "/etc/passwd",
  "a/b",
  "a\\b",
  "a.b",
  "$(touch /tmp/x)",
  "`id`",
  "a;id",
  "a|id",
  "a&&id",
  "a>b",
  "*",
  "a b",
  "a\nb",
  "a\u0000b",
  "'",
  '"',
  "",
  "é",
  "x".repeat(200),
];

test.each(badNames)("no host enrols as %j", async (hostId) => {
  const fleet = await startSecured();
  const trust = { caPem: fleet.authority.held.certificatePem };
  const certificateRequest = await makeRequest(makeKey());
  const request = { token: await fleet.token(), hostId, certificateRequest };
  await expect(askToEnrol(fleet.enrolment, trust, request)).rejects.toMatchObject({
    code: "config.invalid",
  });
  expect(await fleet.audit()).toMatchObject([{ action: "Enrol", outcome: "refused" }]);
});
