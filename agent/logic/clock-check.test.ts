import { expect, test } from "vitest";
import { type ClockEvidence, clockProblem } from "./clock-check.ts";

const sound: ClockEvidence = {
  releasedNs: 1_000n,
  startedNs: 1_500n,
  endedNs: 9_500n,
  heardNs: 9_900n,
  busyNs: 8_000,
};

test("a phase inside of what the agent saw is sound", () => {
  expect(clockProblem(sound)).toBeNull();
});

test.each([
  [{ endedNs: 1_400n }, "before it starts"],
  [{ startedNs: 900n }, "before it was released"],
  [{ endedNs: 3_600_000_000_000n }, "after its end was heard of"],
  [{ busyNs: 3_600_000_000_000 }, "longer than the phase"],
] as const)("a clock that jumped shows: %o", (changes, problem) => {
  expect(clockProblem({ ...sound, ...changes })).toContain(problem);
});
