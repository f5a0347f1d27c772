import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, rm, writeFile } from "node:fs/promises";
import { get, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { busLimits } from "../../shared/bus/bus-limits.ts";
import { startNatsServer } from "../../shared/runtime/nats-server.ts";
import { makeTemporaryDirectory } from "../../shared/testing/temporary-directory.ts";
import { cliProgram, fleetsweep } from "./fleet.ts";

const agentProgram = fileURLToPath(new URL("../../dist/agent/main.js", import.meta.url));

const sweepFile = `
name: several
axes:
  runner: noop
  model: nothing
  batch_size: [1, 2, 4]
  sequence_length: [8, 16]
  placement: one-socket
  cores: 1
parameters:
  call_us: [200]
method:
  precision: quick
  launches: 24
  min_seconds: 0.2
  max_seconds: 0.3
  warmup_max_seconds: 0.1
`;

let directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>;
const closers: (() => Promise<void> | void)[] = [];

beforeEach(async () => {
  directory = await makeTemporaryDirectory();
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  await directory.remove();
});

interface Program {
  readonly child: ChildProcess;
  readonly ready: Record<string, string>;
  readonly log: () => string;
  end(signal: NodeJS.Signals): Promise<void>;
}

async function start(words: readonly string[]): Promise<Program> {
  const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  child.stderr.on("data", (text: Buffer) => {
    log += text.toString();
  });
  const ended = once(child, "exit");
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await ended;
  };
  closers.push(() => end("SIGKILL"));
  const [line] = (await Promise.race([
    once(child.stdout, "data"),
    ended.then(() => {
      throw new Error(`${words.join(" ")} ended: ${log}`);
    }),
  ])) as [Buffer];
  return {
    child,
    ready: JSON.parse(line.toString()) as Record<string, string>,
    log: () => log,
    end,
  };
}

const place = (name: string): string => join(directory.path, name);

function startCoordinator(name: string, nats: string): Promise<Program> {
  const flags = ["--listen", "127.0.0.1:0", "--nats", nats, "--state", place(name)];
  return start([cliProgram, "coordinator", ...flags]);
}

function startAgent(coordinators: string, nats: string): Promise<Program> {
  const flags = ["--coordinator", coordinators, "--nats", nats, "--state", place("agent")];
  const metrics = ["--metrics", `unix:${place("agent.sock")}`, "--config", place("agent.yaml")];
  return start([agentProgram, "agent", ...flags, ...metrics]);
}

async function startNats(port?: number) {
  const server = await startNatsServer({
    directory: place("nats"),
    maxPayloadBytes: busLimits.maxPayloadBytes,
    ...(port === undefined ? {} : { port }),
  });
  closers.push(() => server.stop());
  return server;
}

async function cli(coordinators: string, ...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await fleetsweep(
    place("none"),
    ...words,
    "--coordinator",
    coordinators,
  );
  expect({ code, stderr: code === 0 ? "" : stderr, words }).toEqual({ code: 0, stderr: "", words });
  return stdout;
}

interface Status {
  readonly summary: { state: string; failedLaunches: number; cells: { ok: number; total: number } };
  readonly hosts: { launchesDone: number; state: string }[];
}

async function status(coordinators: string, sweepId: string): Promise<Status> {
  return JSON.parse(await cli(coordinators, "status", sweepId, "-o", "json")) as Status;
}

/** What monitoring on the agent's host asks over its socket. */
async function askAgent(path: string): Promise<{ status: number | undefined; body: string }> {
  const request = get({ socketPath: place("agent.sock"), path });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return { status: response.statusCode, body: await text(response) };
}

/** Of an agent that is drained, with one of its two coordinators gone. */
async function checkAgentMetrics(): Promise<void> {
  const { status: code, body } = await askAgent("/metrics");
  expect(code).toBe(200);
  for (const line of [
    'fleetsweep_agent_state{state="idle"} 1',
    'fleetsweep_agent_state{state="measuring"} 0',
    "fleetsweep_agent_links 1",
  ]) {
    expect(body.split("\n")).toContain(line);
  }
  expect(body).toMatch(/^fleetsweep_agent_spool_records [1-9]\d*$/m);
  expect(body).toMatch(/^fleetsweep_agent_spool_bytes [1-9]\d*$/m);
  expect(body).toMatch(/^process_resident_memory_bytes [1-9]/m);
  expect(await askAgent("/healthz")).toEqual({ status: 200, body: "ok\n" });
  expect(await askAgent("/readyz")).toEqual({ status: 200, body: "ready\n" });
  expect((await askAgent("/elsewhere")).status).toBe(404);
}

const slowly = { timeout: 90_000, interval: 500 };

async function submit(coordinators: string): Promise<string> {
  await writeFile(place("sweep.yaml"), sweepFile);
  return await vi.waitFor(
    async () => (await cli(coordinators, "run", place("sweep.yaml"), "--detach")).trim(),
    slowly,
  );
}

async function launchesOf(coordinators: string, sweepId: string): Promise<number> {
  return (await status(coordinators, sweepId)).hosts[0]?.launchesDone ?? 0;
}

test("killing a coordinator, draining a host and killing its agent lose no cell and count none twice", async () => {
  await writeFile(place("agent.yaml"), "host_id: h1\n");
  const { url } = await startNats();
  const [a, b] = await Promise.all([startCoordinator("a", url), startCoordinator("b", url)]);
  const both = `${a.ready["listening"]},${b.ready["listening"]}`;
  const agent = await startAgent(both, url);
  const sweepId = await submit(both);
  await vi.waitFor(async () => expect(await launchesOf(both, sweepId)).toBeGreaterThan(1), slowly);

  await a.end("SIGKILL");
  await cli(both, "drain", "h1", "--reason", "new microcode");
  await vi.waitFor(async () => {
    expect((await status(both, sweepId)).hosts[0]?.state).toBe("drained: new microcode");
  }, slowly);
  const drained = await launchesOf(both, sweepId);
  const metrics = await (await fetch(`http://${b.ready["metrics"]}/metrics`)).text();
  expect(metrics).toContain('fleetsweep_hosts{state="cordoned"} 1');
  expect(metrics).toContain('fleetsweep_cells{state="remaining"} 6\n');
  expect((await fetch(`http://${b.ready["metrics"]}/readyz`)).status).toBe(200);
  expect(await launchesOf(both, sweepId)).toBe(drained);
  await checkAgentMetrics();
  await cli(both, "undrain", "h1");

  await vi.waitFor(
    async () => expect(await readdir(place("agent/launch"))).toContain("launch.json"),
    { timeout: 20_000, interval: 10 },
  );
  // Its results so far are kept, and the one launch that runs is not.
  await agent.end("SIGKILL");
  const second = await startAgent(both, url);
  await vi.waitFor(() => expect(second.log()).toContain("an agent died during a launch here"));
  await vi.waitFor(
    async () => expect((await status(both, sweepId)).summary.state).toBe("done"),
    slowly,
  );
  const { summary } = await status(both, sweepId);
  expect(summary.cells).toMatchObject({ ok: 6, total: 6 });
  expect(summary.failedLaunches).toBeGreaterThan(0);
  await second.end("SIGTERM");
  expect(await readdir(place("agent/launch"))).toEqual([]);
});

test("a log that was lost is noticed by the coordinator, and agents publish again what they keep", async () => {
  await writeFile(place("agent.yaml"), "host_id: h1\n");
  const nats = await startNats();
  const { url } = nats;
  const coordinator = await startCoordinator("a", url);
  const at = coordinator.ready["listening"] ?? "";
  const agent = await startAgent(at, url);
  const sweepId = await submit(at);
  await vi.waitFor(async () => expect(await launchesOf(at, sweepId)).toBeGreaterThan(2), slowly);

  await nats.stop();
  await rm(place("nats/jetstream"), { recursive: true });
  await startNats(Number(new URL(url).port));
  await vi.waitFor(() => {
    expect(coordinator.log()).toContain("agents publish again");
    expect(agent.log()).toContain("the log was replaced or lost entries");
  }, slowly);
  // The sweep went with its log; what was measured is in the new one, as orphans.
  await vi.waitFor(async () => {
    const { stdout } = await fleetsweep(
      place("none"),
      "sql",
      "SELECT count(*) AS n FROM orphans",
      "-o",
      "json",
      "--coordinator",
      at,
    );
    expect(JSON.stringify(stdout)).toMatch(/[1-9]/);
  }, slowly);
  const next = await submit(at);
  await vi.waitFor(async () => expect((await status(at, next)).summary.state).toBe("done"), slowly);
});
