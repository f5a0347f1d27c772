import { expect, test } from "vitest";
import { precisionModes } from "../../shared/domain/method.ts";
import { type CountedLaunch, terminalState } from "./adaptive-stop.ts";

const { quick, smoke } = precisionModes;

function launches(...medians: readonly (number | null)[]): CountedLaunch[] {
  return medians.map((medianNs, index) => ({
    cellId: "c",
    launch: index + 1,
    medianNs,
    terminal: false,
  }));
}

test("a cell needs its least number of launches however alike they are", () => {
  expect(terminalState(launches(100, 100, 100, 100), quick)).toBeNull();
  expect(terminalState(launches(100, 100, 100, 100, 100), quick)).toBe("ok");
});

test("a cell goes on while its interval is wider than asked for", () => {
  // t(0.975, 4) · s/√5 of these logarithms is about 0.05.
  expect(terminalState(launches(100, 104, 97, 102, 107), quick)).toBeNull();
  expect(terminalState(launches(100, 101, 99, 100.5, 100), quick)).toBe("ok");
});

test("a cell that never gets precise ends at the most launches", () => {
  const wild = Array.from({ length: quick.maxLaunches }, (_, index) =>
    index % 2 === 0 ? 50 : 150,
  );
  expect(terminalState(launches(...wild.slice(1)), quick)).toBeNull();
  expect(terminalState(launches(...wild), quick)).toBe("ok");
});

test("one launch is enough for smoke, also when no target travels as 0", () => {
  expect(terminalState(launches(100), smoke)).toBe("ok");
  expect(terminalState(launches(100), { ...smoke, targetHalfWidth: 0 })).toBe("ok");
});

test("two failures in a row end a cell, and a success between them does not count as none", () => {
  expect(terminalState(launches(null), smoke)).toBeNull();
  expect(terminalState(launches(null, null), smoke)).toBe("failed");
  expect(terminalState(launches(null, 100, null), quick)).toBeNull();
  expect(terminalState(launches(null, 100), smoke)).toBe("ok");
});

test("a cell is not called ok on the launch that failed", () => {
  expect(terminalState(launches(100, 100, 100, 100, null), quick)).toBeNull();
});
