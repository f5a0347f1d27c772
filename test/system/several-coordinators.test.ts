import { once } from "node:events";
import { readdir, rm, writeFile } from "node:fs/promises";
import { get, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fleetsweep } from "./fleet.ts";
import { makePrograms, type Programs } from "./programs.ts";

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

let programs: Programs;

beforeEach(async () => {
  programs = await makePrograms();
});
afterEach(() => programs.stop());

interface Status {
  readonly summary: { state: string; failedLaunches: number; cells: { ok: number; total: number } };
  readonly hosts: { launchesDone: number; state: string }[];
}

async function status(coordinators: string, sweepId: string): Promise<Status> {
  return JSON.parse(await programs.cli(coordinators, "status", sweepId, "-o", "json")) as Status;
}

/** What monitoring on the agent's host asks over its socket. */
async function askAgent(path: string): Promise<{ status: number | undefined; body: string }> {
  const request = get({ socketPath: programs.place("h1.sock"), path });
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
  await writeFile(programs.place("sweep.yaml"), sweepFile);
  return await vi.waitFor(
    async () =>
      (await programs.cli(coordinators, "run", programs.place("sweep.yaml"), "--detach")).trim(),
    slowly,
  );
}

async function launchesOf(coordinators: string, sweepId: string): Promise<number> {
  return (await status(coordinators, sweepId)).hosts[0]?.launchesDone ?? 0;
}

test("killing a coordinator, draining a host and killing its agent lose no cell and count none twice", async () => {
  const { url } = await programs.startNats();
  const [a, b] = await Promise.all([
    programs.startCoordinator("a", url),
    programs.startCoordinator("b", url),
  ]);
  const both = `${a.ready["listening"]},${b.ready["listening"]}`;
  const agent = await programs.startAgent("h1", both, url);
  const sweepId = await submit(both);
  await vi.waitFor(async () => expect(await launchesOf(both, sweepId)).toBeGreaterThan(1), slowly);

  await a.end("SIGKILL");
  await programs.cli(both, "drain", "h1", "--reason", "new microcode", "--wait", "1.5");
  expect((await status(both, sweepId)).hosts[0]?.state).toBe("drained: new microcode");
  const drained = await launchesOf(both, sweepId);
  const metrics = await (await fetch(`http://${b.ready["metrics"]}/metrics`)).text();
  expect(metrics).toContain('fleetsweep_hosts{state="cordoned"} 1');
  expect(metrics).toContain('fleetsweep_cells{state="remaining"} 6\n');
  expect((await fetch(`http://${b.ready["metrics"]}/readyz`)).status).toBe(200);
  expect(await launchesOf(both, sweepId)).toBe(drained);
  await checkAgentMetrics();
  await programs.cli(both, "undrain", "h1");

  await vi.waitFor(
    async () => expect(await readdir(programs.place("h1/launch"))).toContain("launch.json"),
    { timeout: 20_000, interval: 10 },
  );
  // Its results so far are kept, and the one launch that runs is not.
  await agent.end("SIGKILL");
  const second = await programs.startAgent("h1", both, url);
  await vi.waitFor(() => expect(second.log()).toContain("an agent died during a launch here"));
  await vi.waitFor(
    async () => expect((await status(both, sweepId)).summary.state).toBe("done"),
    slowly,
  );
  const { summary } = await status(both, sweepId);
  expect(summary.cells).toMatchObject({ ok: 6, total: 6 });
  expect(summary.failedLaunches).toBeGreaterThan(0);
  await second.end("SIGTERM");
  expect(await readdir(programs.place("h1/launch"))).toEqual([]);
});

test("a log that was lost is noticed by the coordinator, and agents publish again what they keep", async () => {
  const nats = await programs.startNats();
  const { url } = nats;
  const coordinator = await programs.startCoordinator("a", url);
  const at = coordinator.ready["listening"] ?? "";
  const agent = await programs.startAgent("h1", at, url);
  const sweepId = await submit(at);
  await vi.waitFor(async () => expect(await launchesOf(at, sweepId)).toBeGreaterThan(2), slowly);

  await nats.stop();
  await rm(programs.place("nats/jetstream"), { recursive: true });
  await programs.startNats(Number(new URL(url).port));
  await vi.waitFor(() => {
    expect(coordinator.log()).toContain("agents publish again");
    expect(agent.log()).toContain("the log was replaced or lost entries");
  }, slowly);
  // The sweep went with its log; what was measured is in the new one, as orphans.
  await vi.waitFor(async () => {
    const { stdout } = await fleetsweep(
      programs.place("none"),
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
