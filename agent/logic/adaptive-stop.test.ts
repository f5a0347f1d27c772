import { expect, test } from "vitest";
import type { AssignedLaunch } from "../../shared/domain/assignment.ts";
import { precisionModes } from "../../shared/domain/method.ts";
import { terminalState } from "./adaptive-stop.ts";

const { quick, smoke } = precisionModes;

function launches(...medians: readonly (number | null)[]): AssignedLaunch[] {
  return medians.map((medianNs, index) => ({
    cellId: "c",
    launch: index + 1,
    medianNs,
    failure: medianNs === null ? "crashed" : null,
    invalid: false,
    elapsedMs: 1_000,
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

function withInvalid(valid: number, invalid: number): AssignedLaunch[] {
  return launches(...Array.from({ length: valid + invalid }, () => 100)).map((launch, index) => ({
    ...launch,
    invalid: index < invalid,
  }));
}

test("an invalid launch is measured again, in the cell's own number of launches or beyond it", () => {
  const fixed = { ...quick, minLaunches: 5, maxLaunches: 5 };
  expect(terminalState(withInvalid(4, 1), fixed)).toBeNull();
  expect(terminalState(withInvalid(5, 1), fixed)).toBe("ok");
});

test("a host that is never quiet comes to an end", () => {
  const fixed = { ...quick, minLaunches: 5, maxLaunches: 5 };
  expect(terminalState(withInvalid(0, 5), fixed)).toBeNull();
  expect(terminalState(withInvalid(0, 7), fixed)).toBe("ok");
});

test("where noise is only flagged, invalid launches count and none is added", () => {
  const flag = { ...quick, noise: "flag" as const, minLaunches: 5, maxLaunches: 5 };
  expect(terminalState(withInvalid(2, 2), flag)).toBeNull();
  expect(terminalState(withInvalid(4, 1), flag)).toBe("ok");
  expect(terminalState(withInvalid(0, 5), flag)).toBe("ok");
  const adaptive = { ...flag, maxLaunches: 20 };
  expect(terminalState(withInvalid(4, 1), adaptive)).toBe("ok");
  expect(terminalState(withInvalid(0, 19), adaptive)).toBeNull();
});

test("waiting for a quiet host grants the same reruns", () => {
  const wait = { ...quick, noise: "wait" as const, minLaunches: 5, maxLaunches: 5 };
  expect(terminalState(withInvalid(4, 1), wait)).toBeNull();
  expect(terminalState(withInvalid(0, 7), wait)).toBe("ok");
});

test("a cell whose time is over is ok with anything measured, and failed with nothing", () => {
  const limited = { ...quick, maxCellSeconds: 3 };
  expect(terminalState(launches(100, 150), limited)).toBeNull();
  expect(terminalState(launches(100, 150, 100), limited)).toBe("ok");
  expect(terminalState(launches(100, 150, null), limited)).toBe("ok");
  expect(terminalState(launches(null), { ...quick, maxCellSeconds: 1 })).toBe("failed");
  const unknown = launches(100, 150, 100).map((launch) => ({ ...launch, elapsedMs: null }));
  expect(terminalState(unknown, limited)).toBeNull();
});
