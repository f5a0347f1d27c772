import { expect, test } from "vitest";
import type { Cell } from "../shared/domain/cell.ts";
import { applyEvent, emptyLogState, type LogState } from "../shared/domain/fold.ts";
import type { LogEvent } from "../shared/domain/log-event.ts";
import { precisionModes } from "../shared/domain/method.ts";
import type { LaunchResult } from "../shared/domain/result.ts";
import type { Shard } from "../shared/domain/shard.ts";
import { confirmationId, defaultTune, type TuneSettings } from "../shared/domain/tune.ts";
import { TuneDriver } from "./tune-driver.ts";

const allocators = ["glibc", "tcmalloc", "jemalloc"] as const;
const penalty: Readonly<Record<string, number>> = { glibc: 1.1, tcmalloc: 1, jemalloc: 1.05 };
const candidates = Array.from({ length: 16 }, (_, k) => k + 1).flatMap((cores) =>
  allocators.map((allocator) => ({
    cellId: `c${cores}-${allocator}`,
    cell: { placement: "one-socket", cores, allocator, batch_size: 1 },
  })),
);
const untuned = { cellId: "c16-glibc", cell: { cores: 16, allocator: "glibc", batch_size: 1 } };

/** Best at 13 cores with tcmalloc; the host's own speed is a factor. */
function latencyMs({ cores, allocator }: Cell, hostFactor: number): number {
  const count = Number(cores);
  return hostFactor * (penalty[String(allocator)] ?? 1) * (40 / count + count ** 2 / 100);
}

const oneHost: Readonly<Record<string, number>> = { h1: 1 };

interface World {
  readonly settings?: Partial<TuneSettings>;
  readonly hosts?: Readonly<Record<string, number>>;
  readonly elapsedMs?: number;
  readonly fails?: (cell: Cell) => boolean;
  readonly verdict?: "valid" | "invalid";
  /** A coordinator is replaced by a new one, which folds the log anew, before each of these steps. */
  readonly restarts?: readonly number[];
}

/** Runs a tune to its end on hosts that measure at once; the log that it leaves. */
function runTune(world: World): { readonly log: LogEvent[]; readonly state: LogState } {
  const hosts = world.hosts ?? oneHost;
  const log: LogEvent[] = [];
  let proposed: LogEvent[] = [];
  let state = emptyLogState();
  const append = (event: LogEvent): void => {
    log.push(event);
    applyEvent(state, event);
  };
  const makeDriver = (): TuneDriver =>
    new TuneDriver({
      state,
      proposals: { propose: (event) => proposed.push(event), isPending: () => proposed.length > 0 },
      isReady: () => true,
      nowMs: () => world.elapsedMs ?? 0,
    });
  for (const event of submission(Object.keys(hosts), world.settings ?? {})) append(event);
  let driver = makeDriver();
  for (let step = 0; step < 400; step += 1) {
    if (world.restarts?.includes(step) === true) {
      state = emptyLogState();
      for (const event of log) applyEvent(state, event);
      proposed = [];
      driver = makeDriver();
    }
    // Every host gets its trial before the first one ends.
    for (const _ of Object.keys(hosts)) {
      driver.considerAll();
      for (const event of proposed.splice(0)) append(event);
    }
    for (const event of measureAll(state, world)) append(event);
  }
  return { log, state };
}

function submission(hostIds: readonly string[], settings: Partial<TuneSettings>): LogEvent[] {
  const plan = {
    settings: { ...defaultTune, ...settings },
    hostIds,
    candidateCount: candidates.length,
    coresPerPackage: 16,
    untuned: untuned.cell,
  };
  return [
    { type: "candidates", sweepId: "t", shardId: "c0001", cells: candidates },
    ...hostIds.map((hostId, host): LogEvent => {
      const shardId = `cal-${host + 1}`;
      return { type: "planned", sweepId: "t", shardId, hostId, movableTo: [], cells: [untuned] };
    }),
    {
      type: "submitted",
      sweepId: "t",
      name: "tune",
      shardCount: hostIds.length,
      cellCount: hostIds.length,
      method: precisionModes.smoke,
      source: "",
      submittedAtMs: 0,
      tune: plan,
    },
  ];
}

/** Everything that the hosts do until they wait again. */
function measureAll(state: LogState, world: World): LogEvent[] {
  const shards = [...state.sweeps.values()].flatMap((sweep) =>
    sweep.phase === "open" ? [...sweep.shards.values()] : [],
  );
  const open = shards.filter(({ state: at }) => at === "open");
  const seals = [...state.sweeps.keys()].map((sweepId): LogEvent => ({ type: "sealed", sweepId }));
  return [...open.flatMap((shard) => work(shard, world)), ...seals];
}

function work({ sweepId, shardId, hostId, cells }: Shard, world: World): LogEvent[] {
  const grantId = `g-${sweepId}-${shardId}`;
  const factor = (world.hosts ?? oneHost)[hostId] ?? 1;
  const results = [...cells.values()].map(({ cellId, cell }): LogEvent => {
    const failed = world.fails?.(cell) === true;
    const measured = measuredAs(latencyMs(cell, factor), world.verdict ?? "valid");
    const result: LaunchResult = {
      attemptId: `${grantId}-${cellId}`,
      sweepId,
      shardId,
      hostId,
      grantId,
      cellId,
      launch: 1,
      outcome: failed
        ? { type: "failed", reason: "crashed", message: "", stderrTail: "" }
        : measured,
      terminal: failed ? "failed" : "ok",
      endedAtMs: 0,
      elapsedMs: 1,
    };
    return { type: "result", sweepId, shardId, result };
  });
  return [
    { type: "grant", sweepId, shardId, grantId, hostId, prev: null },
    ...results,
    { type: "closed", sweepId, shardId },
  ];
}

function measuredAs(ms: number, status: "valid" | "invalid"): LaunchResult["outcome"] {
  return {
    type: "measured",
    medianNs: ms * 1e6,
    samplesPerSecond: 1000 / ms,
    instances: [],
    verdict: { status, reasons: [] },
    environment: {
      runnerVersions: {},
      bindingTool: "none",
      readback: {},
      counters: { p99_ns: ms * 1.2e6, joules_per_sample: ms ** 0.5 },
    },
  };
}

function trialsIn(log: readonly LogEvent[]): string[] {
  return log.flatMap((event) =>
    event.type === "planned" && event.sweepId === "t" && event.shardId.startsWith("t")
      ? event.cells.map(({ cellId }) => cellId)
      : [],
  );
}

test("a tune tries no configuration twice, ends within its budget, and finds the best", () => {
  const { log, state } = runTune({ settings: { trials: 20, stopEarly: false } });
  const trials = trialsIn(log);
  expect(trials).toHaveLength(20);
  expect(new Set(trials).size).toBe(20);
  expect(trials).toContain("c13-tcmalloc");
  expect(state.sweeps.get("t")).toMatchObject({
    phase: "sealed",
    tuned: "the budget of 20 trials is spent",
  });
});

test("the winner and the untuned settings are compared once more in a sweep of its own", () => {
  const { state } = runTune({ settings: { trials: 20 } });
  const contest = state.sweeps.get(confirmationId("t"));
  expect(contest?.phase).toBe("sealed");
  expect(contest?.submitted?.method).toMatchObject({ minLaunches: 8, maxLaunches: 8 });
  expect([...(contest?.shards.get("cal-1")?.cells.keys() ?? [])]).toEqual(
    expect.arrayContaining(["c16-glibc", "c13-tcmalloc"]),
  );
});

test("coordinators that are replaced at any moment make the same tune", () => {
  const settings = { trials: 12 };
  const undisturbed = runTune({ settings });
  const restarts = Array.from({ length: 100 }, (_, step) => step);
  expect(runTune({ settings, restarts }).log).toEqual(undisturbed.log);
});

test("hosts of unlike speed share the trials, and their speed is taken out", () => {
  const { log, state } = runTune({
    settings: { trials: 20, stopEarly: false },
    hosts: { fast: 1, slow: 1.7 },
  });
  const hostIds = log.flatMap((event) => (event.type === "planned" ? [event.hostId] : []));
  expect(hostIds.filter((host) => host === "slow").length).toBeGreaterThan(5);
  const contest = state.sweeps.get(confirmationId("t"))?.shards.get("cal-1");
  expect([...(contest?.cells.keys() ?? [])]).toContain("c13-tcmalloc");
});

test("a tune whose untuned settings run on no host ends and says so", () => {
  const { state } = runTune({ fails: () => true });
  expect(state.sweeps.get("t")).toMatchObject({
    phase: "sealed",
    tuned: "no host could measure the untuned settings",
  });
});

test("configurations that fail are passed over and never recommended", () => {
  const { state } = runTune({
    settings: { trials: 25, stopEarly: false },
    fails: ({ allocator }) => allocator === "tcmalloc",
  });
  const contest = state.sweeps.get(confirmationId("t"))?.shards.get("cal-1");
  expect([...(contest?.cells.keys() ?? [])]).toContain("c13-jemalloc");
});

test("no trial begins once the minutes are over", () => {
  const { log, state } = runTune({ settings: { minutes: 5 }, elapsedMs: 6 * 60_000 });
  expect(trialsIn(log)).toEqual([]);
  expect(state.sweeps.get("t")?.tuned).toBe("the budget of 5 minutes is spent");
});

test("a trial that is planned after the end of a tune, or is no candidate, is not taken", () => {
  const { state } = runTune({ settings: { trials: 3 } });
  const late = {
    type: "planned",
    sweepId: "t",
    shardId: "t0099",
    hostId: "h1",
    movableTo: [],
  } as const;
  expect(applyEvent(state, { ...late, cells: [untuned] }).ignored).toBe("sweep-not-open");
  const open = emptyLogState();
  for (const event of submission(["h1"], {})) applyEvent(open, event);
  const foreign = { cellId: "other", cell: {} };
  expect(applyEvent(open, { ...late, cells: [foreign] }).ignored).toBe("no-candidate");
  expect(applyEvent(open, { ...late, cells: [untuned] }).ignored).toBeNull();
});

test("a tail over the limit does not win", () => {
  const { state } = runTune({
    settings: { objectives: ["throughput"], p99LimitMs: 6, trials: 30, stopEarly: false },
  });
  const contest = state.sweeps.get(confirmationId("t"))?.shards.get("cal-1");
  const [, winner] = [...(contest?.cells.values() ?? [])];
  expect(latencyMs(winner?.cell ?? {}, 1) * 1.2).toBeLessThan(6);
});

test("a tune on a host whose every launch is void ends soon and says so", () => {
  const { log, state } = runTune({ verdict: "invalid" });
  expect(trialsIn(log)).toHaveLength(8);
  expect(state.sweeps.get("t")?.tuned).toBe("the first 8 trials have no launch that can be used");
});
