import { expect, test } from "vitest";
import { busLimits } from "../../shared/bus/bus-limits.ts";
import { UnreleasedWatch, unreleasedLimits } from "./unreleased.ts";

const { firstMs, capMs } = unreleasedLimits;

/** When it is due within `forMs`, for an agent that asks every minute. */
function dueAt(watch: UnreleasedWatch, depth: number, forMs: number): number[] {
  const due: number[] = [];
  for (let ms = 0; ms <= forMs; ms += 60_000) if (watch.isDue(depth, ms)) due.push(ms / firstMs);
  return due;
}

test("what stays in the spool of an idle agent is published again, each time after twice as long", () => {
  expect(dueAt(new UnreleasedWatch(), 3, 40 * firstMs)).toEqual([1, 3, 7, 15, 31]);
});

test("an empty spool is never published again", () => {
  expect(dueAt(new UnreleasedWatch(), 0, 40 * firstMs)).toEqual([]);
});

test("what was measured or released begins the wait anew", () => {
  const watch = new UnreleasedWatch();
  watch.isDue(3, 0);
  expect(watch.isDue(3, firstMs)).toBe(true);
  expect(watch.isDue(2, firstMs + 1)).toBe(false);
  expect(watch.isDue(2, 2 * firstMs)).toBe(false);
  expect(watch.isDue(2, 2 * firstMs + 1)).toBe(true);
});

test("the wait never grows beyond a day", () => {
  const watch = new UnreleasedWatch();
  watch.isDue(1, 0);
  let lastMs = 0;
  for (let n = 0; n < 20; n += 1) {
    lastMs += capMs;
    expect(watch.isDue(1, lastMs)).toBe(true);
  }
});

test("the bus has forgotten the ids by then, or it would take the results for repetitions", () => {
  expect(firstMs).toBeGreaterThan(2 * busLimits.dedupeWindowMs);
});
