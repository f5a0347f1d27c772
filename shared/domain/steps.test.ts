import { expect, test } from "vitest";
import { finishSteps, flatMapSteps } from "./steps.ts";

test("steps give what one pass gives, and pause after every so many members", () => {
  const members = [1, 2, 3, 4, 5];
  const twice = (n: number): number[] => [n, 10 * n];
  expect(finishSteps(flatMapSteps(members, 2, twice))).toEqual(members.flatMap(twice));
  const steps = flatMapSteps(members, 2, twice);
  const pauses = [steps.next(), steps.next(), steps.next()].map(({ done }) => done);
  expect(pauses).toEqual([false, false, true]);
  expect(finishSteps(flatMapSteps([], 2, twice))).toEqual([]);
});
