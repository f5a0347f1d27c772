import fc from "fast-check";
import { expect, test } from "vitest";
import { expectedGain, expectedImprovement } from "./acquisition.ts";

const beliefs = fc.array(
  fc.record({
    mean: fc.double({ min: -1, max: 1, noNaN: true }),
    shift: fc.double({ min: -1, max: 1, noNaN: true }),
  }),
  { minLength: 1, maxLength: 12 },
);

test("a visit is never expected to raise the lowest mean, nor to lower it by more than the shifts", () => {
  fc.assert(
    fc.property(beliefs, (lines) => {
      const gain = expectedGain(lines);
      expect(gain).toBeGreaterThanOrEqual(-1e-12);
      expect(gain).toBeLessThanOrEqual(lines.reduce((sum, { shift }) => sum + Math.abs(shift), 0));
    }),
  );
});

test("a visit that moves all beliefs alike, or none, gains nothing", () => {
  expect(
    expectedGain([
      { mean: 1, shift: 0.5 },
      { mean: 2, shift: 0.5 },
    ]),
  ).toBe(0);
  expect(expectedGain([{ mean: 1, shift: 0 }])).toBe(0);
  const hardlyApart = [
    { mean: 0, shift: 0 },
    { mean: -1e-15, shift: Number.MIN_VALUE },
  ];
  expect(expectedGain(hardlyApart)).toBe(0);
});

test("the less certain of two equal means promises more improvement", () => {
  expect(expectedImprovement(0, 0.1, 0.04)).toBeGreaterThan(expectedImprovement(0, 0.1, 0.01));
});
