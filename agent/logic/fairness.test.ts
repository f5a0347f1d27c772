import { expect, test } from "vitest";
import { fairness } from "./fairness.ts";

test("equal instances are fair, and one that has it all is as unfair as can be", () => {
  expect(fairness([3, 3, 3, 3])).toEqual({ fairness: 1, slowest_to_fastest: 1 });
  expect(fairness([8, 0, 0, 0])).toEqual({ fairness: 0.25, slowest_to_fastest: 0 });
  expect(fairness([2, 1]).fairness).toBeCloseTo(0.9, 12);
});

test("instances that did nothing share nothing", () => {
  expect(fairness([0, 0])).toEqual({ fairness: null, slowest_to_fastest: null });
});
