import { expect, test } from "vitest";
import { costOfDefaults } from "../coordinator/tuner/default-cost.ts";
import { functionalAnova } from "../coordinator/tuner/functional-anova.ts";
import { gaussianProcess, studyPosterior } from "../coordinator/tuner/gaussian-process.ts";
import { makeRandomSource } from "../coordinator/tuner/random.ts";
import { makeStudy, withObservation } from "../coordinator/tuner/study.ts";
import { makeTable } from "./bench/tuner/generator.ts";
import { shapes } from "./bench/tuner/shapes.ts";
import { tableSpace } from "./bench/tuner/table-space.ts";

/** Long sequence: all cores are best, so OpenMP matters most of all defaults and cores not at all. */
const shape = shapes[2];
if (shape === undefined) throw new Error("no shape");
const table = makeTable({ ...shape, cores: 24, coresPerPackage: 12 }, 1);
const cells = table.rows.map((row) => ({ ...row }));
const space = tableSpace(cells, 12);
const truth = Float64Array.from(space.configurations, ({ cells: [row = 0] }) =>
  Math.log(table.trueMs[row] ?? Number.NaN),
);
const random = makeRandomSource(3);
let study = makeStudy(space, { seed: 3 });
for (let trial = 0; trial < 30; trial += 1) {
  const configuration = gaussianProcess.suggest(study) ?? -1;
  const row = space.configurations[configuration]?.cells[0] ?? -1;
  study = withObservation(study, { configuration, value: table.observe(row, random) });
}
const posterior = studyPosterior(study);
if (posterior === null) throw new Error("no posterior");

test("the model's shares of variance are near those of the true table", () => {
  const actual = functionalAnova(space, truth);
  functionalAnova(space, posterior.mean).forEach(({ total }, k) => {
    expect(Math.abs(total - (actual[k]?.total ?? Number.NaN))).toBeLessThan(0.05);
  });
});

test("the cost of leaving a knob at its default is near the true one and inside its interval", () => {
  const defaults = {
    cores: 24,
    allocator: "glibc",
    openmp: "gomp",
    thp: "never",
    kmp_blocktime: 0,
  };
  const costs = costOfDefaults(space, posterior, { defaults, seed: 1 });
  const best = Math.min(...truth);
  costs.forEach(({ knob, cost, low, high }) => {
    const withDefault = truth.filter((_, configuration) =>
      (space.configurations[configuration]?.cells ?? []).some(
        (row) => space.cells[row]?.[knob] === new Map(Object.entries(defaults)).get(knob),
      ),
    );
    const actual = Math.exp(Math.min(...withDefault) - best) - 1;
    expect(Math.abs(cost - actual)).toBeLessThan(0.03);
    expect(low).toBeLessThanOrEqual(high);
    expect(low - 0.02).toBeLessThan(actual);
    expect(high + 0.02).toBeGreaterThan(actual);
  });
  const byCost = [...costs].sort((a, b) => b.cost - a.cost);
  expect(byCost[0]?.knob).toBe("openmp");
});
