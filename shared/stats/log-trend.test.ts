import { expect, test } from "vitest";
import { logTrend } from "./log-trend.ts";

test("the line of least squares and the error of its slope are those of a worked example", () => {
  // y = 2.1 3.9 6.2 7.8 10.1 over x = 1 … 5: slope 1.99; residuals' squares 0.107, so that the error of the slope is
  // √(0.107/3/10) = 0.05972. Over a span of 4 both are four times as large.
  const logs = [2.1, 3.9, 6.2, 7.8, 10.1];
  const start = 1_700_000_000_000;
  const found = logTrend(logs.map((log, index) => ({ atMs: start + 1_000 * index, log })));
  expect(found?.mean).toBeCloseTo(4 * 1.99, 9);
  expect(found?.se).toBeCloseTo(4 * Math.sqrt(0.107 / 3 / 10), 9);
  expect(found).toMatchObject({ df: 3, n: 5 });
});

test("fewer than three values, or all of one time, have no trend", () => {
  expect(logTrend([])).toBeNull();
  expect(
    logTrend([
      { atMs: 1, log: 1 },
      { atMs: 2, log: 1 },
    ]),
  ).toBeNull();
  expect(logTrend(Array.from({ length: 9 }, () => ({ atMs: 7, log: 1 })))).toBeNull();
});

test("values on a line have a trend without an error", () => {
  const found = logTrend([0, 1, 2, 3].map((at) => ({ atMs: at, log: 0.5 * at })));
  expect(found?.mean).toBeCloseTo(1.5, 12);
  expect(found?.se).toBeCloseTo(0, 12);
});
