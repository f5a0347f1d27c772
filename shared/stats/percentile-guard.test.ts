import { expect, test } from "vitest";
import { allowsPercentile, percentileMinima } from "./percentile-guard.ts";

test.each(percentileMinima.slice(1))(
  "p$percentile needs as many samples as bound it with 95 %",
  ({ percentile, minSamples }) => {
    const missed = (samples: number): number => (percentile / 100) ** samples;
    expect(missed(minSamples)).toBeLessThanOrEqual(0.05);
    expect(missed(minSamples - 1)).toBeGreaterThan(0.05);
    expect(allowsPercentile(percentile, minSamples)).toBe(true);
    expect(allowsPercentile(percentile, minSamples - 1)).toBe(false);
  },
);

test("the median needs samples on both sides", () => {
  expect(allowsPercentile(50, 6)).toBe(true);
  expect(allowsPercentile(50, 5)).toBe(false);
});

test("a percentile without a rule is never shown", () => {
  expect(allowsPercentile(75, 1_000_000)).toBe(false);
});
