import { expect, test } from "vitest";
import { type PoissonRules, poissonArrivals } from "./poisson-arrivals.ts";

function rules(changes: Partial<PoissonRules> = {}): PoissonRules {
  return {
    callsPerSecond: 100,
    minCalls: 64,
    maxCalls: 100_000,
    minSeconds: 1,
    maxSeconds: 1_000,
    seed: 1,
    stream: "a",
    ...changes,
  };
}

test("gaps are exponential with the mean that the rate says", () => {
  const moments = poissonArrivals(rules({ minCalls: 20_000 }));
  const gaps = moments.map((moment, i) => moment - (moments[i - 1] ?? 0)).sort((a, b) => a - b);
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  // The standard error of the mean of 20 000 is 0.7 %.
  expect(Math.abs(mean / 1e7 - 1)).toBeLessThan(0.03);
  // Kolmogorov and Smirnov's distance; 1.63/√n is its bound at 1 %.
  const distance = gaps.map((gap, i) =>
    Math.abs(1 - Math.exp(-gap / 1e7) - (i + 0.5) / gaps.length),
  );
  expect(Math.max(...distance)).toBeLessThan(1.63 / Math.sqrt(gaps.length));
});

test("a schedule has enough calls and seconds, and keeps to the most of each", () => {
  const both = poissonArrivals(rules());
  expect(both.length).toBeGreaterThanOrEqual(64);
  expect(both.at(-1)).toBeLessThan(2e9);
  expect(poissonArrivals(rules({ maxCalls: 10 }))).toHaveLength(10);
  const slow = poissonArrivals(rules({ callsPerSecond: 2, maxSeconds: 5 }));
  expect(slow.length).toBeLessThan(30);
  expect(slow.at(-1)).toBeLessThanOrEqual(5e9);
  expect(poissonArrivals(rules({ callsPerSecond: 0.001, maxSeconds: 1 }))).toHaveLength(1);
});

test("the same seed and stream give the same schedule, another stream another", () => {
  expect(poissonArrivals(rules())).toEqual(poissonArrivals(rules()));
  expect(poissonArrivals(rules({ stream: "b" }))).not.toEqual(poissonArrivals(rules()));
  expect(poissonArrivals(rules({ seed: 2 }))).not.toEqual(poissonArrivals(rules()));
});
