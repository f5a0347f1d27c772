import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { HostIdentity } from "../agent/enrolment/host-identity.ts";
import { askToEnrol, askToRenew } from "../agent/enrolment/identity-client.ts";
import { joinFleet } from "../agent/enrolment/join.ts";
import { systemClock } from "../shared/runtime/clock.ts";
import { silentLogger } from "../shared/runtime/logger.ts";
import { makeRequest } from "../shared/security/certificate.ts";
import { peerOf } from "../shared/security/credentials.ts";
import { withoutSecrets } from "../shared/security/hide-secrets.ts";
import { makeKey } from "../shared/security/keys.ts";
import { hourMs, type SecuredCoordinator, startSecured } from "./support/secured-coordinator.ts";

/** Hosts that join a coordinator over its real ports, on loopback. */
const joinAs = (fleet: SecuredCoordinator, hostId: string, join: string, name = hostId) =>
  joinFleet({ join, address: fleet.enrolment, hostId, directory: fleet.place(name) });

test("a host that joins gets a certificate that names it, for a key that only it can read", async () => {
  const fleet = await startSecured();
  const token = await fleet.token("h1");
  const held = await joinAs(fleet, "h1", token);
  expect(peerOf(held, "test").identity).toEqual({ kind: "host", hostId: "h1" });
  const directory = fleet.place("h1");
  expect(await readdir(directory)).toEqual(["ca.crt", "identity.pem"]);
  expect((await stat(join(directory, "identity.pem"))).mode & 0o777).toBe(0o600);
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
  expect(await fleet.audit()).toMatchObject([
    { actor: "nobody", action: "Enrol", target: "h1", outcome: "allowed" },
  ]);
});

test("a token that was used is refused, but not to the same host with the same key", async () => {
  const fleet = await startSecured();
  const token = await fleet.token();
  const certificateRequest = await makeRequest(makeKey());
  const trust = { caPem: fleet.authority.held.certificatePem };
  const request = { token, hostId: "h1", certificateRequest };
  await askToEnrol(fleet.enrolment, trust, request);
  // Its answer was lost: it asks again.
  await askToEnrol(fleet.enrolment, trust, request);
  const refused = { code: "token.refused", message: expect.stringContaining("used before") };
  await expect(joinAs(fleet, "h1", token)).rejects.toMatchObject(refused);
  await expect(joinAs(fleet, "h2", token)).rejects.toMatchObject(refused);
  expect((await fleet.audit()).at(-1)).toMatchObject({
    target: "h2",
    outcome: "refused",
    code: "token.refused",
  });
});

test("of many hosts that use one token at once, one gets in", async () => {
  const fleet = await startSecured();
  const token = await fleet.token();
  const tries = Array.from({ length: 8 }, (_, n) => joinAs(fleet, `h${n}`, token));
  const ended = await Promise.allSettled(tries);
  expect(ended.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

test.each([
  ["expired", "h1", { lifetimeMs: -1 }, "expired at"],
  ["another host's", "h2", { hostId: "h1" }, "for the host h1, not for h2"],
] as const)("a token that is %s is refused, with a line in the audit trail", async (...row) => {
  const [, hostId, made, why] = row;
  const fleet = await startSecured();
  const token = await fleet.token(
    "hostId" in made ? made.hostId : undefined,
    "lifetimeMs" in made ? made.lifetimeMs : hourMs,
  );
  await expect(joinAs(fleet, hostId, token)).rejects.toMatchObject({
    code: "token.refused",
    message: expect.stringContaining(why),
  });
  expect(await fleet.audit()).toMatchObject([
    { target: hostId, outcome: "refused", code: "token.refused" },
  ]);
});

test("a token with a wrong secret is unknown, and neither the trail nor the files hold a secret", async () => {
  const fleet = await startSecured();
  const token = await fleet.token();
  const [, , secret = ""] = token.split(".");
  const wrong = token.replace(
    secret,
    secret.replace(/^./, (c) => (c === "A" ? "B" : "A")),
  );
  await expect(joinAs(fleet, "h1", wrong)).rejects.toMatchObject({
    code: "token.refused",
    message: expect.stringContaining("unknown"),
  });
  await joinAs(fleet, "h1", token);
  const files = await readdir(fleet.state, { recursive: true, withFileTypes: true });
  for (const file of files.filter((entry) => entry.isFile())) {
    expect(await readFile(join(file.parentPath, file.name), "utf8")).not.toContain(secret);
  }
});

test("a host that is enrolled is not taken over by a token for any host, and rejoins with its own", async () => {
  const fleet = await startSecured();
  await joinAs(fleet, "h1", await fleet.token());
  await expect(joinAs(fleet, "h1", await fleet.token(), "thief")).rejects.toMatchObject({
    code: "token.refused",
    message: expect.stringContaining("enrolled already"),
  });
  await joinAs(fleet, "h1", await fleet.token("h1"));
});

test("a coordinator of another authority gets neither token nor request", async () => {
  const [ours, theirs] = [await startSecured(), await startSecured()];
  const token = await ours.token("h1");
  const directory = theirs.place("h1");
  const options = { join: token, address: theirs.enrolment, hostId: "h1", directory };
  await expect(joinFleet(options)).rejects.toMatchObject({ code: "peer.untrusted" });
  expect(await theirs.audit()).toEqual([]);
});

test("what is no token is refused without being shown", async () => {
  const fleet = await startSecured();
  const slip = `${await fleet.token()}x`;
  await expect(joinAs(fleet, "h1", slip)).rejects.toMatchObject({
    code: "token.refused",
    message: expect.not.stringContaining(slip),
  });
});

test.each([
  ["no request", "", "malformed"],
  ["too long a request", "A".repeat(9_000), "9000 characters"],
])("%s is refused before the token is used", async (_what, certificateRequest, why) => {
  const fleet = await startSecured();
  const token = await fleet.token();
  const trust = { caPem: fleet.authority.held.certificatePem };
  await expect(
    askToEnrol(fleet.enrolment, trust, { token, hostId: "h1", certificateRequest }),
  ).rejects.toMatchObject({ code: "config.invalid", message: expect.stringContaining(why) });
  await joinAs(fleet, "h1", token);
});

test("who guesses tokens is slowed down", async () => {
  const fleet = await startSecured();
  const trust = { caPem: fleet.authority.held.certificatePem };
  const request = { token: "guess", hostId: "h1", certificateRequest: "" };
  const guesses = Array.from({ length: 100 }, () =>
    askToEnrol(fleet.enrolment, trust, request).catch((error: { code: string }) => error.code),
  );
  const codes = new Set(await Promise.all(guesses));
  expect(codes).toEqual(new Set(["token.refused", "rate.limited"]));
});

test("a host renews its certificate with a new key, and the identity on its disk follows", async () => {
  const fleet = await startSecured({ certificateHours: 4 / 3_600 });
  const identity = await HostIdentity.open({
    state: fleet.place("agent"),
    coordinator: [fleet.address],
    enrol: fleet.enrolment,
    join: await fleet.token("h1"),
    allowPlaintext: false,
    hostId: "h1",
    nowMs: Date.now,
    logger: silentLogger,
  });
  if (identity === null) throw new Error("it has joined");
  const first = identity.held;
  const stop = new AbortController();
  const running = identity.run(systemClock, stop.signal);
  await vi.waitFor(() => expect(identity.held.keyPem).not.toBe(first.keyPem), { timeout: 10_000 });
  stop.abort();
  await running;
  const kept = await readFile(join(identity.directory, "identity.pem"), "utf8");
  expect(kept).toContain(identity.held.keyPem);
  expect(await fleet.audit()).toContainEqual(
    expect.objectContaining({ actor: "host/h1", action: "Renew", outcome: "allowed" }),
  );
});

test("nobody but a host may renew", async () => {
  const fleet = await startSecured();
  const ann = await fleet.issue({ kind: "operator", name: "ann", role: "admin" });
  await expect(askToRenew(fleet.address, ann, await makeRequest(makeKey()))).rejects.toMatchObject({
    code: "access.denied",
  });
});

test("an agent without a certificate does not speak to another machine in the clear", async () => {
  const fleet = await startSecured();
  const options = {
    state: fleet.place("agent"),
    coordinator: ["127.0.0.1:1", "192.0.2.1:7421"],
    allowPlaintext: false,
    hostId: "h1",
    nowMs: Date.now,
    logger: silentLogger,
  };
  await expect(HostIdentity.open(options)).rejects.toMatchObject({ code: "config.invalid" });
  expect(await HostIdentity.open({ ...options, allowPlaintext: true })).toBeNull();
});

test("a token on a command line is taken out of the list of processes", async () => {
  const fleet = await startSecured();
  const token = await fleet.token();
  expect(withoutSecrets(["node", "main.js", "agent", "--join", token])).toBe(
    "node main.js agent --join (token)",
  );
  expect(withoutSecrets(["node", `--join=${token}`])).toBe("node (token)");
  expect(withoutSecrets(["node", "--join", "join.token"])).toBeNull();
});
