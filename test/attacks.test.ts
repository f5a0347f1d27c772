import { once } from "node:events";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { expect, test } from "vitest";
import { askToEnrol } from "../agent/enrolment/identity-client.ts";
import { withOperatorAt } from "../coordinator/cli/operator-client.ts";
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
  expect(await isServing(fleet)).toBe(true);
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
});

test("who connects and says nothing is cut off, on every port, before and after the handshake", async () => {
  const fleet = await startSecured();
  const silent = [fleet.address, fleet.enrolment].map((address) => connectTcp(placeOf(address)));
  // The first byte of a handshake, and never the next one.
  for (const socket of silent) socket.write(Buffer.from([0x16]));
  const options = { ...placeOf(fleet.enrolment), rejectUnauthorized: false, ALPNProtocols: ["h2"] };
  const shaken = connectTls(options);
  await Promise.all([...silent, shaken].map(untilClosed));
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
  expect(await isServing(fleet)).toBe(true);
});

test("a small message that unpacks to a large one is refused", async () => {
  const fleet = await startSecured();
  const gzip = { "grpc.default_compression_algorithm": 2 } as const;
  await expect(submit(fleet, "x".repeat(64 * 1024 * 1024), gzip)).rejects.toMatchObject({
    message: expect.stringMatching(/larger than max|decompresse/i),
  });
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
