import { expect, test } from "vitest";
import { finishSteps, flatMapSteps, forEachSteps } from "./steps.ts";

test("steps give what one pass gives, and pause after every so many members", () => {
  const members = [1, 2, 3, 4, 5];
  const twice = (n: number): number[] => [n, 10 * n];
  expect(finishSteps(flatMapSteps(members, 2, twice))).toEqual(members.flatMap(twice));
  const steps = flatMapSteps(members, 2, twice);
  const pauses = [steps.next(), steps.next(), steps.next()].map(({ done }) => done);
  expect(pauses).toEqual([false, false, true]);
  expect(finishSteps(flatMapSteps([], 2, twice))).toEqual([]);
});

test("every member is visited once, with a pause after every so many", () => {
  const visited: number[] = [];
  const steps = forEachSteps([1, 2, 3, 4, 5], 2, (n) => visited.push(n));
  const step = () => [steps.next().done, visited.length];
  expect([step(), step(), step()]).toEqual([
    [false, 2],
    [false, 4],
    [true, 5],
  ]);
});
