import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeTemporaryDirectory } from "../../shared/testing/temporary-directory.ts";
import { cliProgram, fleetsweep, programsOf, startUp } from "./fleet.ts";

let directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>;
let state: string;

beforeEach(async () => {
  directory = await makeTemporaryDirectory();
  state = join(directory.path, "state");
});
afterEach(() => directory.remove());

/** What still runs after all had time to end. */
async function leftRunning(): Promise<Record<string, number>> {
  const giveUp = AbortSignal.timeout(20_000);
  let running = await programsOf(state);
  while (Object.keys(running).length > 0 && !giveUp.aborted) {
    await wait(100);
    running = await programsOf(state);
  }
  return running;
}

test("Ctrl-C stops everything, and a second up on the same state is refused meanwhile", async () => {
  const { child, ended } = await startUp(state);
  expect(Object.keys(await programsOf(state)).sort()).toEqual([
    "agent",
    "coordinator",
    "nats-server",
  ]);
  const second = await fleetsweep(state, "up");
  expect(second).toMatchObject({
    code: 3,
    stderr: expect.stringContaining(`process ${child.pid}`),
  });
  child.kill("SIGINT");
  expect(await ended).toBe(130);
  expect(await programsOf(state)).toEqual({});
});

test("kill -9 of up takes everything along", async () => {
  const { child } = await startUp(state);
  child.kill("SIGKILL");
  expect(await leftRunning()).toEqual({});
});

test("up ends when its parent dies", async () => {
  const words = `"${process.execPath}" "${cliProgram}" up --state "${state}" & wait`;
  const shell = spawn("sh", ["-c", words], { stdio: ["ignore", "pipe", "pipe"] });
  let talk = "";
  shell.stderr.on("data", (text: Buffer) => {
    talk += text.toString();
  });
  while (!talk.includes("is up")) await once(shell.stderr, "data");
  shell.kill("SIGKILL");
  expect(await leftRunning()).toEqual({});
});

test("a state directory of a newer fleetsweep is refused and left alone", async () => {
  await mkdir(state);
  await writeFile(join(state, "format.json"), '{"format_version": 99}');
  const refused = await fleetsweep(state, "up");
  expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining("newer fleetsweep") });
});

test("what only the agent can find wrong is told in one line, and nothing is left running", async () => {
  const file = join(directory.path, "agent.yaml");
  await writeFile(file, "labels: {Rack: 7}\nmodel: {}\n");
  const refused = await fleetsweep(state, "up", "--agent-config", file);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain(`${file}: labels.Rack: `);
  expect(refused.stderr).toContain('Unrecognized key: "model"\n');
  expect(refused.stderr.trimEnd().split("\n")).toHaveLength(1);
  expect(await programsOf(state)).toEqual({});
});

test("a place where no directory can be made is refused at once", async () => {
  const refused = await fleetsweep("/proc/fleetsweep/state", "up");
  expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining("/proc/fleetsweep") });
});

test("an address that is taken is named, and nothing is left running", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as { port: number };
  const refused = await fleetsweep(state, "up", "--listen", `127.0.0.1:${port}`);
  expect(refused).toMatchObject({
    code: 2,
    stderr: `fleetsweep: coordinator: cannot listen on 127.0.0.1:${port}: the port is in use\n`,
  });
  taken.close();
  expect(await programsOf(state)).toEqual({});
});
