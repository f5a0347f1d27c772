import { expect, test } from "vitest";
import { isSteady, steadyLimits } from "./steady.ts";

const limits = { windowCalls: 20, toleranceFactor: 1 };

/** Durations around a level, with a fixed ripple of ±1 %. */
function around(level: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => level * (1 + 0.01 * Math.sin(i)));
}

test("two windows around one level are steady, also where every call takes the same", () => {
  expect(isSteady(around(1_000, 40), limits)).toBe(true);
  expect(isSteady(around(1_000, 40).fill(1_000), limits)).toBe(true);
});

test("nothing is steady before there are two windows", () => {
  expect(isSteady(around(1_000, 39), limits)).toBe(false);
});

test("a level that still falls, or rises, is not steady", () => {
  expect(isSteady([...around(1_200, 20), ...around(1_000, 20)], limits)).toBe(false);
  expect(isSteady([...around(1_000, 20), ...around(1_100, 20)], limits)).toBe(false);
});

test("only the last two windows are looked at", () => {
  expect(isSteady([...around(9_000, 50), ...around(1_000, 40)], limits)).toBe(true);
});

test("a first call that still stands out keeps a window from being steady", () => {
  expect(isSteady([3_000, ...around(1_000, 39)], limits)).toBe(false);
});

test("windows hold 100 ms of calls within bounds, and long calls get short windows", () => {
  expect(steadyLimits(1_000_000)).toEqual({ windowCalls: 100, toleranceFactor: 1 });
  expect(steadyLimits(10)).toEqual({ windowCalls: 200, toleranceFactor: 1 });
  expect(steadyLimits(500_000_000)).toEqual({ windowCalls: 20, toleranceFactor: 1 });
  expect(steadyLimits(2_000_000_000)).toEqual({ windowCalls: 5, toleranceFactor: 2 });
});
