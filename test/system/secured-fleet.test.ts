import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { makeTemporaryDirectory } from "../../shared/testing/temporary-directory.ts";
import { cliProgram, fleetsweep } from "./fleet.ts";

/** A fleet as its operator sets it up: authority, bus, coordinator, one host, all by the built CLI. */
const agentProgram = fileURLToPath(new URL("../../dist/agent/main.js", import.meta.url));
let directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>;
const running: ChildProcess[] = [];
const logs: Record<string, string> = {};

beforeEach(async () => {
  directory = await makeTemporaryDirectory();
});
afterEach(async () => {
  for (const child of running.splice(0).reverse()) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  await directory.remove();
});

const place = (...names: string[]): string => join(directory.path, ...names);

function start(name: string, program: string, ...words: string[]): ChildProcess {
  const child = spawn(program, words, { stdio: ["ignore", "pipe", "pipe"] });
  running.push(child);
  logs[name] = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (text: Buffer) => {
      logs[name] += text.toString();
    });
  }
  return child;
}

const logHas = (name: string, text: string): Promise<void> =>
  vi.waitFor(() => expect(logs[name]).toContain(text), { timeout: 60_000, interval: 100 });

/** By the coordinator's own state directory, unless the words say otherwise. */
async function cli(...words: string[]) {
  return await fleetsweep(place("coordinator"), ...words);
}

async function startBus(): Promise<string> {
  const words = ["--out", place("nats"), "--listen", "127.0.0.1:0"];
  const { code, stdout } = await cli("nats-config", ...words);
  expect(code).toBe(0);
  const server = start("nats", "nats-server", "-c", stdout.trim());
  const file = place("nats", `nats-server_${server.pid}.ports`);
  const ports = await vi.waitFor(() => readFile(file, "utf8"), { timeout: 30_000 });
  const { nats } = JSON.parse(ports) as { nats: string[] };
  return `tls://127.0.0.1:${new URL(nats[0] ?? "").port}`;
}

async function startCoordinator(nats: string): Promise<{ listening: string; enrolment: string }> {
  const words = ["--state", place("coordinator"), "--listen", "127.0.0.1:0", "--nats", nats];
  words.push("--bus-config", place("nats"));
  start("coordinator", process.execPath, cliProgram, "coordinator", ...words);
  await logHas("coordinator", '"listening":');
  const line = logs["coordinator"]?.split("\n").find((text) => text.startsWith('{"listening"'));
  return JSON.parse(line ?? "") as { listening: string; enrolment: string };
}

test("a fleet with certificates measures, and its secrets are in no log, process list or open file", async () => {
  expect((await cli("ca", "init")).code).toBe(0);
  const nats = await startBus();
  const { listening, enrolment } = await startCoordinator(nats);
  const token = (await cli("token", "create", "--host", "h1")).stdout.trim();
  await writeFile(place("agent.yaml"), "host_id: h1\n");
  const reach = ["--coordinator", listening, "--enrol", enrolment, "--nats", nats];
  const own = ["--state", place("agent"), "--config", place("agent.yaml"), "--join", token];
  const agent = start("agent", process.execPath, agentProgram, "agent", ...reach, ...own);
  await logHas("agent", "the link is up");
  expect(await readFile(`/proc/${agent.pid}/cmdline`, "utf8")).not.toContain(token);

  const ann = place("ann");
  await cli("operator", "create", "ann", "--role", "run", "--out", ann);
  const asAnn = ["--coordinator", listening, "--credentials", ann];
  const ran = await cli("run", "smoke", ...asAnn);
  expect(ran).toMatchObject({ code: 0 });

  await cli("operator", "create", "bob", "--role", "read", "--out", place("bob"));
  const refused = await cli(
    "run",
    "smoke",
    "--coordinator",
    listening,
    "--credentials",
    place("bob"),
  );
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("needs the role run") });

  const trail = (await cli("audit", "-o", "json")).stdout.trim().split("\n");
  const entries = trail.map((line) => JSON.parse(line) as Record<string, string>);
  expect(entries.map(({ actor, action, outcome }) => `${actor} ${action} ${outcome}`)).toEqual(
    expect.arrayContaining([
      "nobody Enrol allowed",
      "operator/run/ann SubmitSweep allowed",
      "operator/read/bob SubmitSweep refused",
    ]),
  );
  await expectSecretsHidden(token);
});

test("a host that is revoked loses its stream at once, and after the coordinator's restart has none", async () => {
  await cli("ca", "init");
  const nats = await startBus();
  const first = await startCoordinator(nats);
  const made = await cli("token", "create", "--host", "h1", "--out", place("token"));
  expect(made).toMatchObject({ code: 0, stdout: "" });
  await writeFile(place("agent.yaml"), "host_id: h1\n");
  const own = ["--state", place("agent"), "--config", place("agent.yaml"), "--nats", nats];
  const join = ["--enrol", first.enrolment, "--join", place("token")];
  const program = [agentProgram, "agent", ...own];
  const agent = start(
    "agent",
    process.execPath,
    ...program,
    "--coordinator",
    first.listening,
    ...join,
  );
  await logHas("agent", "the link is up");
  expect((await cli("hosts", "revoke", "h1", "--reason", "stolen")).code).toBe(0);
  await logHas("agent", "host/h1 is revoked");
  const users = () => readFile(place("nats", "nats-server.conf"), "utf8");
  await vi.waitFor(async () => expect(await users()).not.toContain("host/h1"), { timeout: 30_000 });
  agent.kill("SIGKILL");
  const coordinator = running[1];
  coordinator?.kill("SIGKILL");
  await once(coordinator ?? agent, "exit");
  const second = await startCoordinator(nats);
  start("again", process.execPath, ...program, "--coordinator", second.listening);
  await logHas("again", "host/h1 is revoked");
  expect((await cli("host", "revoked")).stdout).toContain("stolen");
});

test.each([
  ["a coordinator", ["coordinator", "--listen", "0.0.0.0:0", "--nats", "nats://127.0.0.1:1"]],
  ["up", ["up", "--listen", "0.0.0.0:0"]],
  ["an agent", ["agent", "--coordinator", "192.0.2.1:7421"]],
])("%s does not speak to other machines in the clear", async (_what, words) => {
  const ended = await cli(...words, "--state", place("state"));
  expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining("allow-plaintext") });
});

async function expectSecretsHidden(token: string): Promise<void> {
  const secrets = [token.split(".")[2] ?? ""];
  const files = await readdir(directory.path, { recursive: true, withFileTypes: true });
  for (const file of files.filter((entry) => entry.isFile())) {
    const path = join(file.parentPath, file.name);
    const text = await readFile(path, "latin1");
    const [, key] = /-----BEGIN PRIVATE KEY-----\n([^-]+)/.exec(text) ?? [];
    if (key === undefined) continue;
    secrets.push(...key.trim().split("\n"));
    expect([path, (await stat(path)).mode & 0o077]).toEqual([path, 0]);
  }
  // The authority, the bus, the coordinator, the host and three operators.
  expect(secrets.length).toBeGreaterThan(7);
  const said = Object.values(logs).join("");
  expect(secrets.filter((secret) => said.includes(secret))).toEqual([]);
}
