import fc from "fast-check";
import { expect, test } from "vitest";
import type { AssignedLaunch } from "../../shared/domain/assignment.ts";
import type { PlannedCell } from "../../shared/domain/log-event.ts";
import { type Method, precisionModes } from "../../shared/domain/method.ts";
import type { LaunchOutcome, Measured } from "../../shared/domain/result.ts";
import { applyOutcome, type LaunchOrder, makeLaunchOrder, nextLaunch } from "./launch-order.ts";

const method: Method = { ...precisionModes.quick, minLaunches: 2, maxLaunches: 4 };

function cells(dtypes: readonly string[], lengths: readonly number[]): PlannedCell[] {
  return dtypes.flatMap((dtype) =>
    lengths.map((sequence_length) => ({
      cellId: `${dtype}-${sequence_length}`,
      cell: { runner: "r", dtype, sequence_length },
    })),
  );
}

function measured(medianNs: number): Measured {
  return {
    type: "measured",
    medianNs,
    samplesPerSecond: 1,
    instances: [],
    verdict: { status: "valid", reasons: [] },
    environment: { runnerVersions: {}, bindingTool: "none", readback: {}, counters: {} },
  };
}

const failed: LaunchOutcome = { type: "failed", reason: "crashed", message: "", stderrTail: "" };

/** Plays an order to its end; `run` says what each cell of a launch gives, null for not reached. */
function play(
  start: LaunchOrder,
  run: (cellId: string, launch: number) => LaunchOutcome | null,
): { history: AssignedLaunch[]; launches: string[][]; terminal: Map<string, string> } {
  let order = start;
  const history: AssignedLaunch[] = [];
  const launches: string[][] = [];
  const terminal = new Map<string, string>();
  for (;;) {
    const next = nextLaunch(order);
    if (next === "done") return { history, launches, terminal };
    if (launches.push(next.cells.map(({ cellId }) => cellId)) > 1_000) throw new Error("no end");
    for (const { cellId } of next.cells) {
      const launch = next.launchByCell.get(cellId) ?? 0;
      const outcome = run(cellId, launch);
      if (outcome === null) break;
      const applied = applyOutcome(order, cellId, { outcome, elapsedMs: 1_000 });
      order = applied.order;
      const medianNs = outcome.type === "measured" ? outcome.medianNs : null;
      history.push({
        cellId,
        launch,
        medianNs,
        failure: medianNs === null ? "crashed" : null,
        invalid: false,
        elapsedMs: 1_000,
        terminal: applied.terminal !== null,
      });
      if (applied.terminal !== null) terminal.set(cellId, applied.terminal);
      // A failure ends the launch, as in runLaunch.
      if (outcome.type === "failed") break;
    }
  }
}

test("cells that one process can measure share a launch, and blocks are interleaved", () => {
  const shard = cells(["fp32", "int8"], [8, 16, 32]);
  const { launches } = play(makeLaunchOrder(shard, method, []), () => measured(100));
  expect(launches).toHaveLength(4);
  for (const block of [launches.slice(0, 2), launches.slice(2)]) {
    expect(new Set(block.flat())).toEqual(new Set(shard.map(({ cellId }) => cellId)));
    for (const launch of block) expect(new Set(launch.map((id) => id.split("-")[0])).size).toBe(1);
  }
});

test("without interleaving a group has all its launches before the next one begins", () => {
  const shard = cells(["fp32", "int8", "bf16"], [8, 16]);
  const inSequence = { ...method, interleave: false };
  const { launches } = play(makeLaunchOrder(shard, inSequence, []), () => measured(100));
  const dtypes = launches.map(([id = ""]) => id.split("-")[0]);
  expect(dtypes).toHaveLength(6);
  expect(new Set(dtypes).size).toBe(3);
  for (const index of [0, 2, 4]) expect(dtypes[index]).toBe(dtypes[index + 1]);
});

test("orders of blocks and of cells within a launch differ, by the seed alone", () => {
  const shard = cells(["a", "b", "c", "d"], [8, 16, 32, 64]);
  const launchesOf = (seed: number): string[][] =>
    play(makeLaunchOrder(shard, { ...method, seed }, []), () => measured(100)).launches;
  expect(launchesOf(1)).toEqual(launchesOf(1));
  expect(launchesOf(1)).not.toEqual(launchesOf(2));
  expect(launchesOf(1).slice(0, 4)).not.toEqual(launchesOf(1).slice(4));
});

test("process-per-cell gives every cell a launch of its own", () => {
  const shard = cells(["fp32"], [8, 16, 32]);
  const isolated = { ...method, isolation: "process-per-cell" as const };
  const { launches } = play(makeLaunchOrder(shard, isolated, []), () => measured(100));
  expect(launches.every((launch) => launch.length === 1)).toBe(true);
});

test("a cell that crashes every launch fails with two, and the others go on", () => {
  const shard = cells(["fp32"], [8, 16, 32, 64]);
  const { terminal, history } = play(makeLaunchOrder(shard, method, []), (cellId) =>
    cellId === "fp32-16" ? failed : measured(100),
  );
  expect(terminal.get("fp32-16")).toBe("failed");
  expect(history.filter(({ cellId }) => cellId === "fp32-16")).toHaveLength(2);
  for (const id of ["fp32-8", "fp32-32", "fp32-64"]) expect(terminal.get(id)).toBe("ok");
});

test("a cell that failed is tried alone, a group that failed as a whole together", () => {
  const shard = cells(["fp32"], [8, 16]);
  const count = (cellId: string, medianNs: number | null): AssignedLaunch => ({
    cellId,
    launch: 1,
    medianNs,
    failure: medianNs === null ? "crashed" : null,
    invalid: false,
    elapsedMs: 1_000,
    terminal: false,
  });
  const one = makeLaunchOrder(shard, method, [count("fp32-8", null), count("fp32-16", 100)]);
  const all = makeLaunchOrder(shard, method, [count("fp32-8", null), count("fp32-16", null)]);
  const sizes = (order: LaunchOrder): number => {
    const next = nextLaunch(order);
    return next === "done" ? 0 : next.cells.length;
  };
  expect(sizes(one)).toBe(1);
  expect(sizes(all)).toBe(2);
});

test("a shard without cells, or with terminal ones only, is done", () => {
  expect(nextLaunch(makeLaunchOrder([], method, []))).toBe("done");
  const shard = cells(["fp32"], [8]);
  const counted = [
    {
      cellId: "fp32-8",
      launch: 1,
      medianNs: null,
      failure: "crashed",
      invalid: false,
      elapsedMs: 1_000,
      terminal: true,
    },
  ];
  expect(nextLaunch(makeLaunchOrder(shard, method, counted))).toBe("done");
});

test("launches that would be enough, but none of which ended the cell, need one more that does", () => {
  const shard = cells(["fp32"], [8]);
  const counted = Array.from({ length: method.maxLaunches }, (_, n) => ({
    cellId: "fp32-8",
    launch: n + 1,
    medianNs: 100,
    failure: null,
    invalid: false,
    elapsedMs: 1_000,
    terminal: false,
  }));
  const order = makeLaunchOrder(shard, method, counted);
  const next = nextLaunch(order);
  expect(next).toMatchObject({ launchByCell: new Map([["fp32-8", method.maxLaunches + 1]]) });
  const outcome = { outcome: measured(100), elapsedMs: 1_000 };
  expect(applyOutcome(order, "fp32-8", outcome).terminal).toBe("ok");
});

const behaviour = fc.record({
  dtypes: fc.integer({ min: 1, max: 3 }).map((n) => ["fp32", "int8", "bf16"].slice(0, n)),
  lengths: fc.uniqueArray(fc.constantFrom(8, 16, 32, 64, 128), { minLength: 1, maxLength: 5 }),
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  isolation: fc.constantFrom("grouped" as const, "process-per-cell" as const),
  /** What a (cell, launch) gives, by a hash of both: failures, noise and quiet. */
  salt: fc.integer({ min: 1, max: 1_000 }),
  stopAfter: fc.integer({ min: 0, max: 30 }),
});

function outcomeOf(salt: number, cellId: string, launch: number): LaunchOutcome {
  let hash = salt;
  for (const character of `${cellId}/${launch}`) {
    hash = (hash * 31 + character.charCodeAt(0)) % 1_009;
  }
  if (hash % 4 === 0) return failed;
  return measured(hash % 3 === 0 ? 100 + (hash % 50) : 100);
}

test("every cell becomes terminal, numbered without gaps, never far ahead of the others", () => {
  fc.assert(
    fc.property(behaviour, ({ dtypes, lengths, seed, isolation, salt }) => {
      const shard = cells(dtypes, lengths);
      const start = makeLaunchOrder(shard, { ...method, seed, isolation }, []);
      const { history, terminal } = play(start, (id, launch) => outcomeOf(salt, id, launch));
      expect(terminal.size).toBe(shard.length);
      const count = new Map<string, number>();
      for (const { cellId, launch } of history) {
        expect(launch).toBe((count.get(cellId) ?? 0) + 1);
        count.set(cellId, launch);
        const open = shard.filter((cell) => !isDoneBy(history, cell.cellId, launch));
        for (const other of open) {
          expect(launch - (count.get(other.cellId) ?? 0)).toBeLessThanOrEqual(1);
        }
      }
    }),
    { numRuns: 50 },
  );
});

/** Whether a cell ended before it could reach this launch. */
function isDoneBy(history: readonly AssignedLaunch[], cellId: string, launch: number): boolean {
  const last = history.findLast((counted) => counted.cellId === cellId)?.launch ?? 0;
  return last < launch;
}

test("an agent that starts again with the counted list goes on identically", () => {
  fc.assert(
    fc.property(behaviour, fc.boolean(), (drawn, interleave) => {
      const { dtypes, lengths, seed, isolation, salt, stopAfter } = drawn;
      const shard = cells(dtypes, lengths);
      const fixed = { ...method, seed, isolation, interleave };
      const run = (id: string, launch: number): LaunchOutcome => outcomeOf(salt, id, launch);
      const whole = play(makeLaunchOrder(shard, fixed, []), run).history;
      const counted = whole.slice(0, stopAfter);
      const shuffled = [...counted].reverse();
      const rest = play(makeLaunchOrder(shard, fixed, shuffled), run).history;
      const key = ({ cellId, launch, medianNs }: AssignedLaunch): string =>
        `${cellId} ${launch} ${medianNs}`;
      expect([...counted, ...rest].map(key).sort()).toEqual(whole.map(key).sort());
      // Between launches, not only the set but the order is the same.
      if (isolation === "process-per-cell") {
        expect([...counted, ...rest].map(key)).toEqual(whole.map(key));
      }
    }),
    { numRuns: 50 },
  );
});
