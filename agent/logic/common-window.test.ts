import { expect, test } from "vitest";
import { commonWindow } from "./common-window.ts";

const ms = 1_000_000;

function run(startMs: number, durations: readonly number[], gapMs = 0) {
  const length = durations.reduce((sum, duration) => sum + duration + gapMs, 0);
  return {
    startedNs: 10n ** 18n + BigInt(startMs * ms),
    endedNs: 10n ** 18n + BigInt((startMs + length) * ms),
    durationsNs: durations.map((duration) => duration * ms),
    endsNs: null,
  };
}

const tens = Array.from({ length: 10 }, () => 10);

test("one instance's window is its own run", () => {
  const window = commonWindow([run(5, tens)]);
  expect(window.seconds).toBeCloseTo(0.1);
  expect(window.share).toBe(1);
  expect(window.startSkewNs).toBe(0);
  expect(window.calls).toEqual([expect.closeTo(10)]);
});

test("calls count by the part that lies inside of the window of all", () => {
  const window = commonWindow([run(0, tens), run(15, tens)]);
  expect(window.startSkewNs).toBe(15 * ms);
  expect(window.seconds).toBeCloseTo(0.085);
  expect(window.share).toBeCloseTo(0.85);
  expect(window.calls).toEqual([expect.closeTo(8.5), expect.closeTo(8.5)]);
});

test("time between calls lowers the rate instead of moving the calls", () => {
  const [calls = 0] = commonWindow([run(0, tens, 5)]).calls;
  expect(calls).toBeCloseTo(10);
});

test("calls that come by a schedule count by their ends", () => {
  const early = { ...run(0, tens), endsNs: [10, 50, 90].map((end) => end * ms) };
  const late = { ...run(15, tens), endsNs: [4, 80, 99].map((end) => end * ms) };
  expect(commonWindow([early, late]).calls).toEqual([2, 2]);
});

test("instances that never ran together have no common window", () => {
  const window = commonWindow([run(0, tens), run(200, tens)]);
  expect(window.seconds).toBe(0);
  expect(window.share).toBe(0);
  expect(window.calls).toEqual([0, 0]);
});
