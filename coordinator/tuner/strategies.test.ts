import { expect, test } from "vitest";
import type { Cell } from "../../shared/domain/cell.ts";
import { at } from "./linear-algebra.ts";
import { makeSpace, type Space } from "./space.ts";
import { strategies, suggestBatch } from "./strategies.ts";
import type { Strategy } from "./strategy.ts";
import { makeStudy, type Study, withObservation, withPending } from "./study.ts";

const cores = [1, 2, 3, 4, 6, 8, 12, 16];
const space: Space = makeSpace(
  [
    { kind: "cores", name: "cores", coresPerPackage: 8 },
    { kind: "choice", name: "allocator" },
    { kind: "choice", name: "thp" },
  ],
  cores.flatMap((count) =>
    ["glibc", "jemalloc", "tcmalloc"].flatMap((allocator) =>
      ["never", "always"].map((thp) => ({ cores: count, allocator, thp })),
    ),
  ),
  [],
);

/** Best at 8 cores with tcmalloc and huge pages; noise that a hash of the visit makes. */
function measure(configuration: number, visit: number): number {
  const values: Cell = space.configurations[configuration]?.values ?? {};
  const count = Number(values["cores"]);
  const knobs =
    (values["allocator"] === "tcmalloc" ? 0.93 : 1) * (values["thp"] === "always" ? 0.96 : 1);
  const crossing = count > 8 ? 1.2 : 1;
  const noise = 1 + 0.01 * Math.sin(12.9898 * configuration + 78.233 * visit);
  return (100 / count + 1.5 * count) * knobs * crossing * noise;
}

function tune(strategy: Strategy, study: Study, trials: number): Study {
  let current = study;
  for (let trial = 0; trial < trials; trial += 1) {
    const configuration = strategy.suggest(current);
    if (configuration === null) break;
    const visit = current.observations.length;
    current = withObservation(current, { configuration, value: measure(configuration, visit) });
  }
  return current;
}

for (const strategy of strategies) {
  test(`${strategy.name} goes on from its observations alone`, () => {
    const whole = tune(strategy, makeStudy(space, { seed: 5 }), 14);
    const resumed = {
      ...makeStudy(space, { seed: 5 }),
      observations: whole.observations.slice(0, 9),
    };
    expect(tune(strategy, resumed, 5).observations).toEqual(whole.observations);
  });

  test(`${strategy.name} recommends nothing before a trial succeeded`, () => {
    const empty = makeStudy(space, { seed: 5 });
    expect(strategy.recommend(empty)).toBeNull();
    expect(
      strategy.recommend(withObservation(empty, { configuration: 3, value: null })),
    ).toBeNull();
  });

  test(`${strategy.name} never hands a failed configuration out again`, () => {
    let study = makeStudy(space, { seed: 2 });
    const failed = new Set<number>();
    for (let trial = 0; trial < 16; trial += 1) {
      const configuration = strategy.suggest(study);
      if (configuration === null) throw new Error("the space is larger than this");
      expect(failed.has(configuration)).toBe(false);
      const fails = trial % 3 === 1;
      if (fails) failed.add(configuration);
      study = withObservation(study, {
        configuration,
        value: fails ? null : measure(configuration, trial),
      });
    }
  });

  test(`${strategy.name} ends when nothing useful is left`, () => {
    const visitLimits = space.configurations.map(() => 1);
    const study = tune(strategy, makeStudy(space, { seed: 1, visitLimits }), 1000);
    const visited = study.observations.map(({ configuration }) => configuration);
    expect(visited).toHaveLength(space.configurations.length);
    expect(new Set(visited).size).toBe(space.configurations.length);
  });

  test(`${strategy.name} fills a batch with different new configurations at the start`, () => {
    const batch = suggestBatch(strategy, makeStudy(space, { seed: 4 }), 5);
    expect(new Set(batch).size).toBe(5);
    const study = withPending(makeStudy(space, { seed: 4 }), batch);
    expect(batch).not.toContain(strategy.suggest(study));
  });
}

test("the model finds the best configuration in a quarter of the space", () => {
  const [gaussianProcess] = strategies;
  if (gaussianProcess === undefined) throw new Error("no strategy");
  for (const seed of [1, 2, 3]) {
    const study = tune(gaussianProcess, makeStudy(space, { seed }), 12);
    const recommended = gaussianProcess.recommend(study) ?? -1;
    expect(space.configurations[recommended]?.values).toEqual({
      cores: 8,
      allocator: "tcmalloc",
      thp: "always",
    });
  }
});

test("the order of the observations does not change the recommendation", () => {
  const [gaussianProcess] = strategies;
  if (gaussianProcess === undefined) throw new Error("no strategy");
  const study = tune(gaussianProcess, makeStudy(space, { seed: 9 }), 15);
  const reversed = { ...study, observations: [...study.observations].reverse() };
  expect(gaussianProcess.recommend(reversed)).toBe(gaussianProcess.recommend(study));
});

test("a batch is the study's single suggestion first, then what is worth most beside it", () => {
  const [gaussianProcess] = strategies;
  if (gaussianProcess === undefined) throw new Error("no strategy");
  const study = tune(gaussianProcess, makeStudy(space, { seed: 9 }), 10);
  const batch = suggestBatch(gaussianProcess, study, 4);
  expect(batch).toHaveLength(4);
  expect(batch[0]).toBe(gaussianProcess.suggest(study));
});

test("a space without a cores knob and with an ordered knob can be tuned", () => {
  const [gaussianProcess] = strategies;
  if (gaussianProcess === undefined) throw new Error("no strategy");
  const instances = makeSpace(
    [
      { kind: "ordered", name: "instances" },
      { kind: "choice", name: "thp" },
    ],
    [1, 2, 4, 8, 16, 32].flatMap((n) => ["never", "always"].map((thp) => ({ instances: n, thp }))),
    [],
  );
  const cost = Float64Array.from(instances.configurations, ({ values }) =>
    Math.exp(
      Math.abs(Math.log2(Number(values["instances"])) - 3) / 4 +
        (values["thp"] === "always" ? 0.05 : 0),
    ),
  );
  let study = makeStudy(instances, { seed: 1 });
  for (let trial = 0; trial < 8; trial += 1) {
    const configuration = gaussianProcess.suggest(study) ?? -1;
    study = withObservation(study, { configuration, value: at(cost, configuration) });
  }
  const recommended = instances.configurations[gaussianProcess.recommend(study) ?? -1];
  expect(recommended?.values).toEqual({ instances: 8, thp: "never" });
});
