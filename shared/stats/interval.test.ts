import { expect, test } from "vitest";
import { mulberry32 } from "../testing/generator.ts";
import { logInterval } from "./interval.ts";

test("one launch has no interval", () => {
  expect(logInterval([100])).toBeNull();
  expect(logInterval([])).toBeNull();
});

test("a median that is not positive is refused: its logarithm means nothing", () => {
  expect(() => logInterval([100, 0])).toThrow(RangeError);
  expect(() => logInterval([100, Number.NaN])).toThrow(RangeError);
});

test("equal launches have an interval of no width", () => {
  const interval = logInterval([100, 100, 100]);
  expect(interval?.halfWidth).toBe(0);
  expect(interval?.estimate).toBeCloseTo(100, 9);
});

test("over many cells the interval covers the truth in about 95 %", () => {
  const next = mulberry32(20221104);
  // Box and Muller's transform: launches scatter by 1 %.
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const cells = 4_000;
  let covered = 0;
  for (let cell = 0; cell < cells; cell++) {
    const interval = logInterval(
      Array.from({ length: 5 }, () => 1_000 * Math.exp(0.01 * normal())),
    );
    if (interval !== null && interval.low <= 1_000 && 1_000 <= interval.high) covered++;
  }
  // Three standard errors of a share of 0.95 in 4 000 are 0.0103.
  expect(Math.abs(covered / cells - 0.95)).toBeLessThan(0.0104);
});
