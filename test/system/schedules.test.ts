import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { busLimits } from "../../shared/bus/bus-limits.ts";
import { startNatsServer } from "../../shared/runtime/nats-server.ts";
import { makeTemporaryDirectory } from "../../shared/testing/temporary-directory.ts";
import { cliProgram, fleetsweep } from "./fleet.ts";

const agentProgram = fileURLToPath(new URL("../../dist/agent/main.js", import.meta.url));

/** A schedule fires once a minute at the most, so the coordinators' wall clock goes faster than ours. */
const speed = 20;
const everyMs = 120_000;
const kills = 4;
const sweepFile = `
name: scheduled
axes:
  runner: noop
  model: nothing
  sequence_length: [8, 16]
  placement: one-socket
  cores: 1
parameters:
  call_us: 200
method:
  precision: smoke
  min_seconds: 0.1
  max_seconds: 0.2
  warmup_max_seconds: 0.1
`;

let directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>;
const closers: (() => Promise<void> | void)[] = [];
const place = (name: string): string => join(directory.path, name);

beforeEach(async () => {
  directory = await makeTemporaryDirectory();
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  await directory.remove();
});

const startedAtMs = Date.now();
const fastNowMs = (): number => startedAtMs + (Date.now() - startedAtMs) * speed;
const fastClock = `data:text/javascript,const now=Date.now;Date.now=()=>${startedAtMs}+(now()-${startedAtMs})*${speed}`;

interface Program {
  readonly address: string;
  end(): Promise<void>;
}

async function start(words: readonly string[]): Promise<Program> {
  const child: ChildProcess = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  child.stderr?.on("data", (said: Buffer) => {
    log += said.toString();
  });
  const ended = once(child, "exit");
  const end = async (): Promise<void> => {
    child.kill("SIGKILL");
    await ended;
  };
  closers.push(end);
  const died = ended.then(() => {
    throw new Error(`it ended: ${log}`);
  });
  died.catch(() => undefined);
  const [line] = (await Promise.race([once(child.stdout ?? child, "data"), died])) as [Buffer];
  return { address: String((JSON.parse(line.toString()) as Told).listening), end };
}

interface Told {
  readonly listening?: string;
}

/** On the port that it had before, so that agent and operator find it again. */
async function startCoordinator(name: string, nats: string, listen: string): Promise<Program> {
  const flags = ["--listen", listen, "--nats", nats, "--state", place(name)];
  flags.push("--notifications", place("channels.yaml"));
  return await start(["--import", fastClock, cliProgram, "coordinator", ...flags]);
}

/** What the webhook got: the keys of its requests, with the body of each. */
async function startWebhook(): Promise<{ url: string; got: { key: string; body: Notice }[] }> {
  const got: { key: string; body: Notice }[] = [];
  const server = createServer((request, response) => {
    text(request).then(
      (body) => {
        const key = String(request.headers["idempotency-key"]);
        got.push({ key, body: JSON.parse(body) as Notice });
        response.end();
      },
      () => response.destroy(),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => {
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, got };
}

interface Notice {
  readonly sweep_id: string;
  readonly outcome: string;
  readonly cells: number;
  readonly previous: { readonly sweep_id: string } | null;
}

interface ScheduleShown {
  readonly fires: {
    sweep_id: string;
    fire_time: string;
    state: string;
    reason: string | null;
    conclusion: object | null;
    notices: { channel: string; delivered: boolean }[];
  }[];
}

async function cli(coordinators: string, ...words: string[]): Promise<string> {
  const reach = ["--coordinator", coordinators];
  const { code, stdout, stderr } = await fleetsweep(place("none"), ...words, ...reach);
  expect({ words, code, stderr: code === 0 ? "" : stderr }).toEqual({ words, code: 0, stderr: "" });
  return stdout;
}

const show = async (coordinators: string): Promise<ScheduleShown> =>
  JSON.parse(await cli(coordinators, "schedule", "show", "often", "-o", "json")) as ScheduleShown;

/** Before the fire, at it, and in the midst of what follows: planning, granting, concluding, telling. */
const delaysMs = [-100, 150, 600, 2_000];

/** Kills one coordinator after the other, each near a fire, and starts it again. */
async function killAtFires(members: Program[], nats: string): Promise<void> {
  for (let n = 0; n < kills; n += 1) {
    const toFireMs = (everyMs - (fastNowMs() % everyMs)) / speed;
    await sleep(Math.max(0, toFireMs + (delaysMs[n % delaysMs.length] ?? 0)));
    const index = n % 2;
    const member = members[index];
    if (member === undefined) throw new Error("no coordinator");
    await member.end();
    members[index] = await startCoordinator(`c${index}`, nats, member.address);
  }
}

/** Until the next fire is a moment old. */
async function untilFire(): Promise<void> {
  await sleep((everyMs - (fastNowMs() % everyMs)) / speed + 500);
}

test("two coordinators that are killed at fires start each fire once, and tell of each run", async () => {
  await writeFile(place("agent.yaml"), "host_id: h1\n");
  await writeFile(place("sweep.yaml"), sweepFile);
  const webhook = await startWebhook();
  const told = place("told.jsonl");
  await writeFile(place("hook"), `#!/bin/sh\n{ cat; echo; } >>${told}\n`, { mode: 0o700 });
  await writeFile(
    place("channels.yaml"),
    JSON.stringify({
      channels: {
        team: { webhook: webhook.url, on: "always" },
        hook: { exec: [place("hook")], on: "always" },
      },
    }),
    { mode: 0o600 },
  );
  const nats = await startNatsServer({
    directory: place("nats"),
    maxPayloadBytes: busLimits.maxPayloadBytes,
  });
  closers.push(() => nats.stop());
  const listen = "127.0.0.1:0";
  const members = [
    await startCoordinator("c0", nats.url, listen),
    await startCoordinator("c1", nats.url, listen),
  ];
  const both = members.map(({ address }) => address).join(",");
  const own = ["--state", place("agent"), "--config", place("agent.yaml"), "--nats", nats.url];
  await start([agentProgram, "agent", "--coordinator", both, ...own]);
  await vi.waitFor(async () => expect(await cli(both, "hosts")).toContain("h1"), slowly);

  const options = ["--cron", "*/2 * * * *", "--missed", "all", "--overlap", "queue"];
  await cli(both, "schedule", "add", "often", place("sweep.yaml"), ...options);
  const firstMs = Math.ceil(fastNowMs() / everyMs) * everyMs;
  await killAtFires(members, nats.url);
  // Nobody dies any more.
  await untilFire();
  await untilFire();
  await cli(both, "schedule", "pause", "often");

  const { fires } = await vi.waitFor(async () => {
    const shown = await show(both);
    for (const { conclusion, notices } of shown.fires) {
      expect(conclusion).not.toBeNull();
      expect(notices.map(({ channel }) => channel).toSorted()).toEqual(["hook", "team"]);
    }
    return shown;
  }, slowly);
  const due = fires.map((_, n) => new Date(firstMs + n * everyMs).toISOString().slice(0, 19));
  expect(fires.length).toBeGreaterThan(kills);
  expect(fires.map(({ fire_time }) => fire_time)).toEqual(due.map((at) => `${at}Z`));
  expect(fires.map(({ state, reason }) => [state, reason])).toEqual(
    fires.map(() => ["done", null]),
  );

  const ids = fires.map(({ sweep_id }) => sweep_id).toSorted();
  const sweeps = JSON.parse(await cli(both, "sweeps", "-o", "json")) as { sweep_id: string }[];
  expect(sweeps.map(({ sweep_id }) => sweep_id).toSorted()).toEqual(ids);
  expectTold(webhook.got, ids);
  const heard = (await readFile(told, "utf8")).trim().split("\n");
  const bodies = heard.map((line) => JSON.parse(line) as Notice);
  expectTold(
    bodies.map((body) => ({ key: body.sweep_id, body })),
    ids,
  );
}, 300_000);

const slowly = { timeout: 120_000, interval: 1_000 };

/** Each run once; twice at the most where a coordinator died while it told. */
function expectTold(got: readonly { key: string; body: Notice }[], ids: readonly string[]): void {
  expect([...new Set(got.map(({ key }) => key))].toSorted()).toEqual(ids);
  expect(got.length).toBeLessThanOrEqual(ids.length + kills);
  const last = got.filter(({ key }) => key === ids.at(-1));
  expect(last).toMatchObject([{ body: { outcome: "done", cells: 2, sweep_id: ids.at(-1) } }]);
  const compared = got.filter(({ body }) => body.previous !== null);
  for (const { key, body } of compared) {
    expect([key, body.previous?.sweep_id]).toEqual([key, ids[ids.indexOf(key) - 1]]);
  }
  expect(new Set(compared.map(({ key }) => key)).size).toBe(ids.length - 1);
}
