import { expect, test } from "vitest";
import { makeSpace } from "./space.ts";
import { expectedGainOfOneTrial, isSettled, stoppingRule } from "./stopping.ts";
import { makeStudy, withObservation } from "./study.ts";

const space = makeSpace(
  [{ kind: "cores", name: "cores", coresPerPackage: null }],
  [1, 2, 4, 8].map((cores) => ({ cores })),
  [],
);

/** Visits the four core counts in turn. */
function study(trials: number, noise: number) {
  let current = makeStudy(space, { seed: 1 });
  for (let trial = 0; trial < trials; trial += 1) {
    const configuration = trial % 4;
    const value = (8 >> configuration) * Math.exp(noise * Math.sin(trial * 1.7));
    current = withObservation(current, { configuration, value });
  }
  return current;
}

test("a tune whose best configuration is beyond doubt settles, but not before the fewest trials", () => {
  expect(isSettled(study(stoppingRule.minimumTrials - 1, 0.01))).toBe(false);
  expect(isSettled(study(stoppingRule.minimumTrials + 1, 0.01))).toBe(true);
});

test("a tune that has not looked where the values fall does not settle", () => {
  let narrow = makeStudy(space, { seed: 1 });
  for (let trial = 0; trial < 24; trial += 1) {
    const configuration = trial % 2;
    narrow = withObservation(narrow, { configuration, value: 8 >> configuration });
  }
  expect(isSettled(narrow)).toBe(false);
});

test("before anything succeeded everything is to be gained", () => {
  const empty = makeStudy(space, { seed: 1 });
  expect(expectedGainOfOneTrial(empty)).toBe(Number.POSITIVE_INFINITY);
  expect(isSettled(empty)).toBe(false);
});
