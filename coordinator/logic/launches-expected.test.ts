import { expect, test } from "vitest";
import { launchesExpected } from "./launches-expected.ts";

const method = { minLaunches: 3, maxLaunches: 20, targetHalfWidth: 0.02 };
const measured = (...medians: (number | null)[]) => medians.map((medianNs) => ({ medianNs }));

test("before the least number of launches it is that number", () => {
  expect(launchesExpected([], method)).toBe(3);
  expect(launchesExpected(measured(100, 140), method)).toBe(3);
});

test("launches that scatter twice as much take four times as many", () => {
  // The half-width of three launches is about 5 % here, so 3 × 2.5² of them make 2 %.
  const narrow = launchesExpected(measured(98, 100, 102), method);
  expect(narrow).toBe(19);
  const wide = launchesExpected(measured(99, 100, 101), method);
  expect(wide).toBe(5);
});

test("one more at least, and never more than allowed", () => {
  expect(launchesExpected(measured(100, 100, 100), method)).toBe(4);
  expect(launchesExpected(measured(50, 100, 150), method)).toBe(20);
  const unbounded = { ...method, targetHalfWidth: Number.POSITIVE_INFINITY };
  expect(launchesExpected(measured(50, 100, 150), unbounded)).toBe(4);
});

test("failed launches say nothing of the scatter", () => {
  expect(launchesExpected(measured(100, null, null), method)).toBe(4);
});
