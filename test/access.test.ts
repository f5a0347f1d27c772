import { connect } from "node:tls";
import { expect, test, vi } from "vitest";
import { dialCoordinator } from "../agent/link/dial.ts";
import { withOperatorAt } from "../coordinator/cli/operator-client.ts";
import { revocationsFile, revoke } from "../coordinator/enrolment/revocations.ts";
import { accessRuleOf } from "../coordinator/rpc/method-access.ts";
import type { AttachRequest } from "../proto/gen/fleetsweep/v1/AttachRequest.ts";
import type { AttachResponse__Output } from "../proto/gen/fleetsweep/v1/AttachResponse.ts";
import type { Identity } from "../shared/domain/identity.ts";
import { unknownTopology } from "../shared/domain/unknown-topology.ts";
import { channelCredentials, type Trust } from "../shared/rpc/channel-credentials.ts";
import { receive, send } from "../shared/rpc/duplex.ts";
import { loadServices } from "../shared/rpc/load-proto.ts";
import { protocolVersion } from "../shared/rpc/protocol.ts";
import { type SecuredCoordinator, startSecured } from "./support/secured-coordinator.ts";

/** Who may do what on the port of agents and operators, over real TLS on loopback. */
const host = (hostId: string): Identity => ({ kind: "host", hostId });
const ann = (role: "read" | "run" | "admin"): Identity => ({ kind: "operator", name: "ann", role });

function attach(fleet: SecuredCoordinator, trust: Trust | null) {
  const stream = dialCoordinator(fleet.address, channelCredentials(trust));
  const messages = receive<AttachResponse__Output>(stream.call);
  return {
    close: () => stream.close(),
    messages,
    say: (message: AttachRequest) => send(stream.call, message),
  };
}

const helloAs = (hostId: string): AttachRequest => ({
  hello: { protocolVersion, hostId, topologyJson: JSON.stringify(unknownTopology) },
});

type Verb = "listSweeps" | "cancelSweep" | "cordonHost";

async function call(fleet: SecuredCoordinator, trust: Trust | null, verb: Verb): Promise<void> {
  const place = { address: fleet.address, trust };
  await withOperatorAt(place, new AbortController().signal, (operator) =>
    operator.ask<object>((client, limits, answer) => {
      if (verb === "listSweeps") return client.listSweeps({}, limits, answer);
      if (verb === "cancelSweep") return client.cancelSweep({ sweepId: "s1" }, limits, answer);
      return client.cordonHost({ hostId: "h1" }, limits, answer);
    }),
  );
}

test("a host with its certificate attaches as itself", async () => {
  const fleet = await startSecured();
  const { messages, say, close } = attach(fleet, await fleet.issue(host("h1")));
  await say(helloAs("h1"));
  expect((await messages.next()).value?.message).toBe("welcome");
  expect(fleet.sessions.map(({ facts }) => facts.hostId)).toEqual(["h1"]);
  close();
});

test("a host that speaks as another one is refused, with a line in the audit trail", async () => {
  const fleet = await startSecured();
  const { messages, say, close } = attach(fleet, await fleet.issue(host("h1")));
  await say(helloAs("h2"));
  await expect(messages.next()).rejects.toMatchObject({ code: "access.denied" });
  close();
  expect(fleet.sessions).toEqual([]);
  await vi.waitFor(async () =>
    expect(await fleet.audit()).toMatchObject([
      { actor: "host/h1", action: "Attach", target: "host/h2", outcome: "refused" },
    ]),
  );
});

test("without a certificate nobody gets as far as a call", async () => {
  const fleet = await startSecured();
  const { caPem } = await fleet.issue(ann("read"));
  for (const trust of [null, { caPem }]) {
    const { messages, say, close } = attach(fleet, trust);
    await say(helloAs("h1")).catch(() => {});
    await expect(messages.next()).rejects.toMatchObject({ code: "link.unavailable" });
    close();
  }
  expect(fleet.sessions).toEqual([]);
  await expectHandshakeRefused(fleet);
});

/** Somebody was turned away by TLS, with a line that says from where and why. */
async function expectHandshakeRefused(fleet: SecuredCoordinator): Promise<void> {
  await vi.waitFor(async () => {
    const line = (await fleet.audit()).find(({ reason }) => reason?.includes("certificate"));
    expect(line).toMatchObject({
      actor: "nobody",
      peer: expect.stringContaining("127.0.0.1:"),
      action: "Handshake",
      outcome: "refused",
    });
  });
}

test.each([
  ["another authority's", async (_: SecuredCoordinator, other: SecuredCoordinator) => other],
  ["an expired", async (fleet: SecuredCoordinator) => fleet],
] as const)("with %s certificate nobody gets as far as a call", async (what, from) => {
  const [fleet, other] = [await startSecured(), await startSecured()];
  const source = await from(fleet, other);
  const held = await source.issue(host("h1"), what === "an expired" ? -1_000 : undefined);
  const { caPem } = await fleet.issue(host("h1"));
  const { messages, say, close } = attach(fleet, { ...held, caPem });
  await say(helloAs("h1")).catch(() => {});
  await expect(messages.next()).rejects.toMatchObject({ code: "link.unavailable" });
  close();
  expect(fleet.sessions).toEqual([]);
  await expectHandshakeRefused(fleet);
});

test("a server with a host's certificate does not pass for a coordinator", async () => {
  const fleet = await startSecured();
  const { createServer } = await import("node:tls");
  const held = await fleet.issue(host("h1"));
  const seen: string[] = [];
  const server = createServer(
    { key: held.keyPem, cert: held.certificatePem, ALPNProtocols: ["h2"] },
    (socket) => socket.on("data", (data: Buffer) => seen.push(data.toString())),
  ).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  const place = { ...fleet, address: `127.0.0.1:${port}` };
  const { messages, say, close } = attach(place, await fleet.issue(host("h2")));
  await say(helloAs("h2")).catch(() => {});
  await expect(messages.next()).rejects.toMatchObject({ code: "link.unavailable" });
  close();
  server.close();
  expect(seen).toEqual([]);
});

const allowed: Record<"read" | "run" | "admin", ReadonlySet<Verb>> = {
  read: new Set(["listSweeps"]),
  run: new Set(["listSweeps", "cancelSweep"]),
  admin: new Set(["listSweeps", "cancelSweep", "cordonHost"]),
};
const verbs = ["listSweeps", "cancelSweep", "cordonHost"] as const;

test.each(["read", "run", "admin"] as const)(
  "an operator may do what the role %s allows",
  async (role) => {
    const done = async () => {};
    const fleet = await startSecured({ desk: { cancel: done, cordon: async () => "cordoned" } });
    const held = await fleet.issue(ann(role));
    for (const verb of verbs) {
      const ended = await call(fleet, held, verb).then(
        () => "done",
        (error: { code: string }) => error.code,
      );
      expect([verb, ended]).toEqual([verb, allowed[role].has(verb) ? "done" : "access.denied"]);
    }
    const trail = await fleet.audit();
    expect(trail.map(({ action, outcome }) => [action, outcome])).toEqual([
      ["CancelSweep", role === "read" ? "refused" : "allowed"],
      ["CordonHost", role === "admin" ? "allowed" : "refused"],
    ]);
    expect(trail.every(({ actor }) => actor === `operator/${role}/ann`)).toBe(true);
  },
);

test("a host may not do what operators do, nor an operator attach", async () => {
  const fleet = await startSecured();
  await expect(call(fleet, await fleet.issue(host("h1")), "listSweeps")).rejects.toMatchObject({
    code: "access.denied",
  });
  const { messages, say, close } = attach(fleet, await fleet.issue(ann("admin")));
  await say(helloAs("h1")).catch(() => {});
  await expect(messages.next()).rejects.toMatchObject({ code: "access.denied" });
  close();
});

test("a host that is revoked loses its open stream and every other call; a new enrolment counts again", async () => {
  const fleet = await startSecured();
  const held = await fleet.issue(host("h1"));
  const { messages, say, close } = attach(fleet, held);
  await say(helloAs("h1"));
  await messages.next();
  const file = revocationsFile(fleet.authority.directory);
  await revoke(file, { at_ms: Date.now(), kind: "host", name: "h1", reason: "stolen" });
  await expect(messages.next()).rejects.toMatchObject({
    code: "access.denied",
    message: expect.stringContaining("revoked"),
  });
  close();
  await vi.waitFor(() => expect(fleet.sessions[0]?.connected).toBe(false));
  const again = attach(fleet, held);
  await again.say(helloAs("h1")).catch(() => {});
  await expect(again.messages.next()).rejects.toMatchObject({ code: "access.denied" });
  again.close();
  const anew = attach(fleet, await fleet.issue(host("h1")));
  await anew.say(helloAs("h1"));
  expect((await anew.messages.next()).value?.message).toBe("welcome");
  anew.close();
});

test("an operator who is revoked may call nothing any more", async () => {
  const fleet = await startSecured();
  const held = await fleet.issue(ann("admin"));
  await call(fleet, held, "listSweeps");
  const file = revocationsFile(fleet.authority.directory);
  await revoke(file, { at_ms: Date.now(), kind: "operator", name: "ann", reason: "left" });
  await vi.waitFor(
    () => expect(call(fleet, held, "listSweeps")).rejects.toMatchObject({ code: "access.denied" }),
    { timeout: 5_000 },
  );
});

test("the coordinator's certificate is renewed under an open stream, which goes on", async () => {
  const fleet = await startSecured({ certificateHours: 4 / 3_600 });
  const first = await shownSerial(fleet);
  const { messages, say, close } = attach(fleet, await fleet.issue(host("h1")));
  await say(helloAs("h1"));
  await messages.next();
  await vi.waitFor(async () => expect(await shownSerial(fleet)).not.toBe(first), {
    timeout: 15_000,
    interval: 250,
  });
  fleet.sessions[0]?.push({ withdraw: { grantId: "g1", reason: "test" } });
  expect((await messages.next()).value?.withdraw).toMatchObject({ grantId: "g1" });
  close();
});

async function shownSerial({ enrolment }: SecuredCoordinator): Promise<string> {
  const [name = "", port] = enrolment.split(":");
  const socket = connect({ host: name, port: Number(port), rejectUnauthorized: false });
  await new Promise((resolve) => socket.once("secureConnect", resolve));
  const { serialNumber } = socket.getPeerCertificate();
  socket.destroy();
  return serialNumber;
}

test("every call of the protos has a rule, and no other", () => {
  const { AgentLinkService, IdentityService, OperatorService } = loadServices();
  const calls = [AgentLinkService, IdentityService, OperatorService].flatMap(({ service }) =>
    Object.values(service).map(({ path }) => path),
  );
  expect(calls.filter((path) => accessRuleOf(path) === undefined)).toEqual([]);
  for (const path of ["", "/", "/x/y", "/fleetsweep.v1.OperatorService/constructor"]) {
    expect(accessRuleOf(path)).toBeUndefined();
  }
});

test("credentials that carry another one's key are refused by TLS", async () => {
  const fleet = await startSecured();
  const mine = await fleet.issue(host("h1"));
  const other = await fleet.issue(host("h2"));
  const mixed = { caPem: mine.caPem, certificatePem: other.certificatePem, keyPem: mine.keyPem };
  expect(() => channelCredentials(mixed)).toThrow(/key values mismatch/);
});
