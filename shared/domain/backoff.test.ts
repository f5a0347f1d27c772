import fc from "fast-check";
import { expect, test } from "vitest";
import { backoffMs } from "./backoff.ts";

const backoff = { baseMs: 100, capMs: 30_000 };

test("the window doubles with every attempt until the cap", () => {
  const almostOne = 1 - 2 ** -53;
  const windows = [0, 1, 2, 8, 9, 1000].map((attempt) => backoffMs(attempt, backoff, almostOne));
  expect(windows).toEqual([99, 199, 399, 25_599, 29_999, 29_999]);
});

test("a wait is never negative and never beyond its window", () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.nat(), random, (attempt, chance) => {
      const waitMs = backoffMs(attempt, backoff, chance);
      expect(waitMs).toBeGreaterThanOrEqual(0);
      expect(waitMs).toBeLessThan(backoff.capMs);
    }),
  );
});
