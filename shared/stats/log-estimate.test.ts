import { expect, test } from "vitest";
import { byLaunch, difference, launchMean, logRatio } from "./log-estimate.ts";

const values = [10, 10.2, 9.9, 10.1, 10.05, 9.95];
const entries = (factor = 1) => values.map((value, launch) => [launch, factor * value] as const);

test("a number of launches that was chosen by looking makes the error of a mean larger", () => {
  const fixed = launchMean(byLaunch(entries(), false));
  const chosen = launchMean(byLaunch(entries(), true));
  expect(chosen?.mean).toBe(fixed?.mean);
  expect((chosen?.se ?? 0) / (fixed?.se ?? 1)).toBeCloseTo(1.1, 12);
});

test("a ratio has the larger error if either side's number of launches was chosen, once", () => {
  const noisy = values.map((value, launch) => [launch, value * (1 + launch / 100)] as const);
  const se = (a: boolean, b: boolean): number =>
    logRatio(byLaunch(noisy, a), byLaunch(entries(), b))?.se ?? 0;
  const fixed = se(false, false);
  expect(fixed).toBeGreaterThan(0);
  for (const [a, b] of [
    [true, false],
    [false, true],
    [true, true],
  ] as const) {
    expect(se(a, b) / fixed).toBeCloseTo(1.1, 12);
  }
});

test("without common launches the widened errors of both sides add up", () => {
  const later = values.map((value, launch) => [100 + launch, value] as const);
  const ratio = logRatio(byLaunch(entries(2), true), byLaunch(later, false));
  const [a, b] = [launchMean(byLaunch(entries(2), true)), launchMean(byLaunch(later, false))];
  if (a === null || b === null) throw new Error("no means");
  expect(ratio).toEqual(difference(a, b));
});

test("one launch has no error to widen, and a value that is not positive is refused", () => {
  expect(launchMean(byLaunch([[1, 5]], true))).toMatchObject({ se: null, n: 1 });
  expect(() => launchMean(byLaunch([[1, 0]], false))).toThrow(RangeError);
});
