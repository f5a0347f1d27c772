import { expect, test } from "vitest";
import { isBimodal, splitInTwo } from "./bimodality.ts";
import { countOutliers, countSpikes } from "./outliers.ts";

const level = Array.from({ length: 100 }, (_, i) => 1_000 + (i % 10));

test("one spike is a severe outlier and a spike", () => {
  expect(countOutliers([...level, 5_000])).toEqual({ mild: 1, severe: 1 });
  expect(countSpikes([...level, 5_000])).toBe(1);
});

test("equal values have no spikes, and a MAD of zero does not make every other value one", () => {
  const equal = Array.from({ length: 50 }, () => 1_000);
  expect(countSpikes(equal)).toBe(0);
  expect(countSpikes([...equal, 1_001])).toBe(0);
  expect(countSpikes([...equal, 1_100])).toBe(1);
});

test("two states are told from one that is noisy, skewed or evenly spread", () => {
  const slow = level.map((value) => value * 1.6);
  const normal = Array.from({ length: 400 }, (_, i) => 1_000 + 20 * inverseNormal((i + 0.5) / 400));
  const skewed = Array.from({ length: 400 }, (_, i) => 1_000 - 50 * Math.log(1 - (i + 0.5) / 400));
  const spread = Array.from({ length: 400 }, (_, i) => 1_000 + i);
  expect(isBimodal([...level, ...slow])).toBe(true);
  for (const values of [level, normal, skewed, spread]) expect(isBimodal(values)).toBe(false);
});

test("a few spikes are no second mode, nor are two modes that hardly differ", () => {
  expect(isBimodal([...level, 5_000, 5_001, 5_002])).toBe(false);
  expect(isBimodal([...level, ...level.map((value) => value * 1.01)])).toBe(false);
});

test("the split stands between the clusters", () => {
  const modes = splitInTwo([10, 11, 12, 100, 101, 102]);
  expect(modes?.lowMean).toBeCloseTo(11);
  expect(modes?.highMean).toBeCloseTo(101);
  expect(modes?.minorShare).toBe(0.5);
  expect(splitInTwo([5, 5, 5, 5])).toBeNull();
});

/** A rough quantile of the normal distribution (Tukey's lambda), enough to shape a sample. */
function inverseNormal(p: number): number {
  return (p ** 0.1349 - (1 - p) ** 0.1349) / 0.1975;
}
