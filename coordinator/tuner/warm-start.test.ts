import { expect, test } from "vitest";
import type { Cell } from "../../shared/domain/cell.ts";
import { gaussianProcess } from "./gaussian-process.ts";
import { makeSpace } from "./space.ts";
import { makeStudy, type Study, withObservation } from "./study.ts";

const cells = Array.from({ length: 24 }, (_, k) => k + 1).flatMap((cores) =>
  ["glibc", "tcmalloc", "jemalloc"].map((allocator): Cell => ({ cores, allocator })),
);
const space = makeSpace(
  [
    { kind: "cores", name: "cores", coresPerPackage: 12 },
    { kind: "choice", name: "allocator" },
  ],
  cells,
  [],
);

/** Best at 9 cores with jemalloc; a sibling is slower by a factor and a little different. */
function logLatency({ cores, allocator }: Cell, tilt = 0): number {
  const count = Number(cores);
  const penalty = { glibc: 0.12, tcmalloc: 0.04, jemalloc: 0 }[String(allocator)] ?? 0;
  return Math.log(20 / count + count ** 2 / 40) + penalty + tilt * Math.log(count);
}

function tune(study: Study, trials: number): Study {
  let after = study;
  for (let trial = 0; trial < trials; trial += 1) {
    const configuration = gaussianProcess.suggest(after);
    if (configuration === null) break;
    const value = Math.exp(logLatency(cells[configuration] ?? {}));
    after = withObservation(after, { configuration, value });
  }
  return after;
}

function regret(study: Study): number {
  const chosen = gaussianProcess.recommend(study);
  const best = Math.min(...cells.map((cell) => logLatency(cell)));
  return chosen === null ? Number.POSITIVE_INFINITY : logLatency(cells[chosen] ?? {}) - best;
}

test("a tune that starts from a like host's model is near the best after its first trials", () => {
  const prior = Float64Array.from(cells, (cell) => 0.3 + logLatency(cell, 0.02));
  const limits = { seed: 1, visitLimits: cells.map(() => 1) };
  const warm = tune(makeStudy(space, { ...limits, prior }), 4);
  const cold = tune(makeStudy(space, limits), 4);
  expect(regret(warm)).toBeLessThan(0.01);
  expect(regret(cold)).toBeGreaterThan(regret(warm));
});

test("a model that misleads is corrected by what is measured", () => {
  const prior = Float64Array.from(cells, (cell) => -logLatency(cell));
  const limits = { seed: 1, visitLimits: cells.map(() => 1) };
  const study = tune(makeStudy(space, { ...limits, prior }), 40);
  expect(regret(study)).toBeLessThan(0.03);
});

test("the first trials from a model differ in more than their cores", () => {
  const prior = Float64Array.from(cells, (cell) => logLatency(cell));
  const study = tune(makeStudy(space, { seed: 1, prior }), 3);
  const allocators = study.observations.map(
    ({ configuration }) => cells[configuration]?.["allocator"],
  );
  expect(new Set(allocators).size).toBe(3);
});
