import { expect, test } from "vitest";
import { type Method, precisionModes } from "../shared/domain/method.ts";
import type { LaunchResult } from "../shared/domain/result.ts";
import { plainKnobHost } from "../shared/testing/knob-host.ts";
import { failure, measured } from "../shared/testing/outcomes.ts";
import { makeTopology } from "../shared/testing/topologies.ts";
import { type MeasureDeps, shardMeasurer } from "./measure-shard.ts";
import type { LaunchPlan, LaunchReport } from "./runner/launch-plan.ts";
import type { CatalogueEntry } from "./runners/catalogue-entry.ts";

const runner: CatalogueEntry = {
  declaration: {
    name: "r",
    version: "r 1",
    unavailable: null,
    modes: ["graph"],
    dtypes: ["fp32"],
    models: ["m"],
    parameters: {},
    knobs: [],
  },
  argv: ["/usr/bin/r"],
  models: { m: { kind: "built-in" } },
};

const cells = [8, 16].map((sequence_length) => ({
  cellId: `c${sequence_length}`,
  cell: { runner: "r", model: "m", dtype: "fp32", placement: "one-socket", sequence_length },
}));

/** Measures a shard on a fake host on which starting takes 5 s and each cell 2 s. */
async function measureShard(method: Method, outcome: () => LaunchResult["outcome"]) {
  const events: string[] = [];
  const results: LaunchResult[] = [];
  let nowMs = 1_000;
  let ids = 0;
  const launch = (
    plan: LaunchPlan,
    { onProgress }: Parameters<MeasureDeps["launch"]>[1],
  ): Promise<LaunchReport> => {
    events.push("launch");
    nowMs += 5_000;
    const outcomes = new Map<string, LaunchResult["outcome"]>();
    for (const { cellId } of plan.cells) {
      nowMs += 2_000;
      const found = outcome();
      outcomes.set(cellId, found);
      onProgress(cellId, found.type);
    }
    return Promise.resolve({ outcomes, cancelled: false });
  };
  const measure = shardMeasurer({
    journal: {
      begin: async ({ cells: begun }) => void events.push(`begin ${begun.length}`),
      reach: (cellId) => void events.push(`reach ${cellId}`),
      end: async () => void events.push("end"),
    },
    hostId: "h1",
    topology: () => makeTopology({ packages: 1, nodesPerPackage: 1, coresPerNode: 2 }),
    catalogue: [runner],
    knobHost: plainKnobHost,
    randomId: () => `a${(ids += 1)}`,
    nowMs: () => 0,
    monotonicMs: () => nowMs,
    lock: () => {
      events.push("lock");
      return Promise.resolve({ release: () => Promise.resolve(void events.push("release")) });
    },
    waitForQuiet: (pus) => {
      events.push(`wait for ${pus.join(",")}`);
      nowMs += 30_000;
      return Promise.resolve();
    },
    launch,
  });
  const reporter = {
    results: (more: readonly LaunchResult[]) => Promise.resolve(void results.push(...more)),
    progress: () => {},
    goOn: () => true,
    waiting: () => {},
  };
  const assignment = { grantId: "g1", sweepId: "s1", shardId: "h1-1", method, cells, counted: [] };
  await measure(assignment, reporter, new AbortController().signal);
  return { events, results };
}

test("a result carries how long its cell took, the start with the first and no waiting", async () => {
  const waiting = { ...precisionModes.smoke, noise: "wait" as const };
  const { results } = await measureShard(waiting, () => measured());
  expect(results.map(({ elapsedMs }) => elapsedMs)).toEqual([7_000, 2_000]);
});

test("with `wait` every launch waits for a quiet host, behind the lock; else none does", async () => {
  const twice = { ...precisionModes.smoke, maxLaunches: 2, minLaunches: 2 };
  const waited = await measureShard({ ...twice, noise: "wait" }, () => measured());
  const ran = ["begin 2", "launch", "release", "end"];
  const one = ["lock", "wait for 0,1", ...ran];
  expect(waited.events).toEqual([...one, ...one]);
  for (const noise of ["retry", "flag"] as const) {
    const { events } = await measureShard({ ...twice, noise }, () => measured());
    expect(events).toEqual(["lock", ...ran, "lock", ...ran]);
  }
});

test("a cell whose time is over ends with what it has, and fails with nothing", async () => {
  const limited = { ...precisionModes.quick, maxCellSeconds: 6 };
  const spiky = measured({ verdict: { status: "invalid", reasons: [] } });
  const { results } = await measureShard(limited, () => spiky);
  const taken = (id: string): number =>
    results
      .filter(({ cellId }) => cellId === id)
      .reduce((sum, one) => sum + (one.elapsedMs ?? 0), 0);
  for (const { cellId } of cells) {
    expect(results.findLast((one) => one.cellId === cellId)?.terminal).toBe("ok");
    expect(taken(cellId)).toBeGreaterThanOrEqual(6_000);
  }
  expect(results.length).toBeLessThan(2 * limited.minLaunches);
  const short = { ...limited, maxCellSeconds: 1 };
  const failed = await measureShard(short, () => failure());
  expect(failed.results.map(({ terminal }) => terminal)).toEqual(["failed", "failed"]);
});
