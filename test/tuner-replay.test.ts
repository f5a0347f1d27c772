import { expect, test } from "vitest";
import { gaussianProcess } from "../coordinator/tuner/gaussian-process.ts";
import { makeRandomSource } from "../coordinator/tuner/random.ts";
import { FleetsweepError } from "../shared/domain/errors.ts";
import { seededOrder } from "../shared/domain/seeded-order.ts";
import { makeTable } from "./bench/tuner/generator.ts";
import { parseReplayTable } from "./bench/tuner/replay-table.ts";
import { replayTune } from "./bench/tuner/replay-tune.ts";
import { shapes } from "./bench/tuner/shapes.ts";

const shape = shapes[2];
if (shape === undefined) throw new Error("no shape");
const table = makeTable({ ...shape, cores: 16, coresPerPackage: 8 }, 3);
const chance = makeRandomSource(11);
const rows = table.rows.map((row, k) => ({
  ...row,
  observed_ms: [0, 1, 2].map(() => table.observe(k, chance)),
}));
const options = { seed: 1, trials: 25, strategy: gaussianProcess };
const parse = (value: unknown) => parseReplayTable(JSON.stringify(value));
const optimum = Math.min(...table.trueMs);

test("a table is tuned to within 3 % of its true optimum in 25 trials, the same way every time", () => {
  const file = parse({ cores_per_package: 8, rows });
  const result = replayTune(file, options);
  expect(result.trials).toHaveLength(25);
  const recommended = table.rows.findIndex((row) => sameSettings(row, result.recommendation));
  expect((table.trueMs[recommended] ?? 0) / optimum).toBeLessThan(1.03);
  expect(replayTune(file, options)).toEqual(result);
});

test("rows may be a subset in any order, without package size or block time", () => {
  const some = seededOrder(rows, (row) => JSON.stringify(row), 5)
    .slice(0, 120)
    .map(({ kmp_blocktime, ...row }) => (row.openmp === "gomp" ? row : { ...row, kmp_blocktime }));
  const { trials, recommendation } = replayTune(parse({ rows: some }), options);
  expect(trials.every((row) => row >= 0 && row < some.length)).toBe(true);
  expect(trials.some((row) => sameSettings(some[row] ?? {}, recommendation))).toBe(true);
});

test("both rows of a configuration that ignores the block time serve its visits, each observation once", () => {
  const gomp = { cores: 4, allocator: "glibc", openmp: "gomp", thp: "never" };
  const pair = [0, 1].map((kmp_blocktime) => ({ ...gomp, kmp_blocktime, observed_ms: [10, 10.1] }));
  const { trials } = replayTune(parse({ rows: pair }), options);
  expect([...trials].sort((a, b) => a - b)).toEqual([0, 0, 1, 1]);
});

test("more packages than two are understood", () => {
  const { trials } = replayTune(parse({ cores_per_package: 4, rows }), options);
  expect(trials).toHaveLength(25);
});

test("every problem of a table is named with its place", () => {
  const bad = [
    { ...rows[0], cores: 0 },
    { ...rows[1], observed_ms: [] },
  ];
  expect(() => parse({ rows: bad })).toThrowError(/rows\[0\]\.cores[^]*rows\[1\]\.observed_ms/);
  expect(() => parse({ rows: [] })).toThrow(FleetsweepError);
  expect(() => parse({ rows: [{ ...rows[0], observed_ms: [-1] }] })).toThrow(FleetsweepError);
  expect(() => parseReplayTable("{")).toThrowError(/not JSON/);
});

function sameSettings(row: object, settings: object): boolean {
  const actual = new Map(Object.entries(row));
  return Object.entries(settings).every(([name, value]) => actual.get(name) === value);
}
