import { expect, test } from "vitest";
import { makeRandomSource } from "../coordinator/tuner/random.ts";
import { makeTable } from "./bench/tuner/generator.ts";
import { randomShape, shapes } from "./bench/tuner/shapes.ts";

/** Of the smooth part; ruggedness moves an optimum by a core or so from seed to seed. */
const optima = [
  { cores: 15, allocator: "jemalloc", openmp: "iomp", thp: "never", kmp_blocktime: 0 },
  { cores: 32, allocator: "tcmalloc", openmp: "iomp", thp: "always", kmp_blocktime: 1 },
  { cores: 80, allocator: "tcmalloc", openmp: "iomp", thp: "always", kmp_blocktime: 0 },
  { cores: 15, allocator: "tcmalloc", openmp: "iomp", thp: "never", kmp_blocktime: 1 },
  { cores: 48, allocator: "jemalloc", openmp: "gomp", thp: "always", kmp_blocktime: 0 },
  { cores: 48, allocator: "tcmalloc", openmp: "iomp", thp: "always", kmp_blocktime: 1 },
];

test("the shapes have their known optima", () => {
  const found = shapes.map((shape) => {
    const smooth = makeTable({ ...shape, ruggedness: 0 }, 1);
    return smooth.rows[smooth.trueMs.indexOf(Math.min(...smooth.trueMs))];
  });
  expect(found).toEqual(optima);
});

test("GNU OpenMP rows have the same latency under either block time", () => {
  const [shape] = shapes;
  if (shape === undefined) throw new Error("no shape");
  const { rows, trueMs } = makeTable(shape, 7);
  const isPaired = rows.every(
    ({ openmp, kmp_blocktime }, row) =>
      openmp === "iomp" || kmp_blocktime === 0 || trueMs[row] === trueMs[row - 1],
  );
  expect(isPaired).toBe(true);
});

test("random shapes give finite, positive tables and repeat with their seed", () => {
  const make = () => {
    const random = makeRandomSource(3);
    return Array.from({ length: 12 }, (_, k) => makeTable(randomShape(`${k}`, random), k));
  };
  const tables = make();
  expect(tables.flatMap(({ trueMs }) => trueMs).every((ms) => ms > 0 && Number.isFinite(ms))).toBe(
    true,
  );
  expect(make().map(({ trueMs }) => trueMs)).toEqual(tables.map(({ trueMs }) => trueMs));
});
