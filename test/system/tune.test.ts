import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { nextStep } from "../../coordinator/logic/tune/next-trial.ts";
import type { TuneReport } from "../../coordinator/logic/tune/tune-report.ts";
import { tuneState } from "../../coordinator/logic/tune/tune-state.ts";
import { busLimits } from "../../shared/bus/bus-limits.ts";
import { connectNatsLog } from "../../shared/bus/nats-log.ts";
import { applyEvent, emptyLogState } from "../../shared/domain/fold.ts";
import type { LogEvent } from "../../shared/domain/log-event.ts";
import { tuneShards } from "../../shared/domain/tune.ts";
import { startNatsServer } from "../../shared/runtime/nats-server.ts";
import { makeTemporaryDirectory } from "../../shared/testing/temporary-directory.ts";
import { fleetsweep, programsOf, startUp } from "./fleet.ts";

/** 12 configurations, of which the fastest is known: the runner only says how long a call took. */
const tuneFile = `
name: tune
axes:
  runner: noop
  model: nothing
  placement: one-socket
  cores: 1
parameters:
  call_us: [900, 300, 500, 700, 1100, 200, 400, 600, 800, 1000, 1200, 1300]
method:
  precision: quick
  launches: 1
  noise: flag
  min_seconds: 0.05
  max_seconds: 0.1
  warmup_max_seconds: 0.1
tune:
  trials: 10
  stop_early: false
  confirm_launches: 3
`;

let directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>;

beforeEach(async () => {
  directory = await makeTemporaryDirectory();
});
afterEach(() => directory.remove());

async function reportOf(state: string, sweepId: string): Promise<TuneReport> {
  const { stdout, stderr } = await fleetsweep(state, "tune-report", sweepId, "-o", "json");
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as TuneReport;
}

test("a tune goes on after kill -9 of its coordinator, and every trial is what the log before it says", async () => {
  const state = join(directory.path, "state");
  const file = join(directory.path, "tune.yaml");
  await writeFile(file, tuneFile);
  const first = await startUp(state);
  const { stdout } = await fleetsweep(state, "tune", file, "--detach");
  const sweepId = stdout.trim();
  await vi.waitFor(
    async () => expect((await reportOf(state, sweepId)).trials.length).toBeGreaterThan(3),
    { timeout: 60_000, interval: 300 },
  );
  const { coordinator } = await programsOf(state);
  if (coordinator === undefined) throw new Error("the coordinator does not run");
  process.kill(coordinator, "SIGKILL");
  await first.ended;

  const second = await startUp(state);
  await vi.waitFor(
    async () => {
      const { confirmation } = await reportOf(state, sweepId);
      expect("absent" in confirmation ? confirmation.absent : "").not.toMatch(/goes on|runs/);
    },
    { timeout: 120_000, interval: 1_000 },
  );
  const report = await reportOf(state, sweepId);
  expect(report).toMatchObject({ state: "done", ended: "the budget of 10 trials is spent" });
  expect(new Set(report.trials.map(({ cell }) => cell["call_us"])).size).toBe(10);
  second.child.kill("SIGINT");
  await second.ended;
  await expectTrialsFollow(state, sweepId);
});

/** Asks again, before every trial of the log, which one follows from what stood there. */
async function expectTrialsFollow(state: string, sweepId: string): Promise<void> {
  const fold = emptyLogState();
  let trials = 0;
  for (const event of await readWholeLog(state)) {
    const sweep = fold.sweeps.get(sweepId);
    const tune = sweep === undefined ? null : tuneState(sweep);
    const isTrial =
      event.type === "planned" && event.sweepId === sweepId && tuneShards.isTrial(event.shardId);
    const expected =
      tune === null ? null : nextStep(tune, { elapsedMs: 0, isReady: () => true }, null);
    const { ignored } = applyEvent(fold, event);
    if (!isTrial || ignored !== null) continue;
    trials += 1;
    expect(expected).toMatchObject({ step: "trial", number: trials, cell: event.cells[0] });
  }
  expect(trials).toBe(10);
}

async function readWholeLog(state: string): Promise<LogEvent[]> {
  const token = (await readFile(join(state, "nats.token"), "utf8")).trim();
  const { maxPayloadBytes } = busLimits;
  const server = await startNatsServer({
    directory: join(state, "nats"),
    maxPayloadBytes,
    token,
  });
  const log = await connectNatsLog({ servers: server.url, name: "test", token });
  const events: LogEvent[] = [];
  try {
    const { lastSeq } = await log.head();
    for await (const entry of log.read({ fromSeq: 1, signal: AbortSignal.timeout(30_000) })) {
      if ("event" in entry) events.push(entry.event);
      if (entry.seq >= lastSeq) break;
    }
  } finally {
    await log.close();
    await server.stop();
  }
  return events;
}
