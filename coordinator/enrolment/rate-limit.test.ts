import { expect, test } from "vitest";
import { RateLimit } from "./rate-limit.ts";

test("after its burst a key gets what a minute gives, and other keys are left alone", () => {
  let nowMs = 0;
  const limit = new RateLimit({ burst: 3, perMinute: 60, maxKeys: 10 }, () => nowMs);
  const takes = (key: string, count: number) =>
    Array.from({ length: count }, () => limit.take(key)).filter(Boolean).length;
  expect(takes("a", 10)).toBe(3);
  expect(takes("b", 1)).toBe(1);
  nowMs += 2_000;
  expect(takes("a", 10)).toBe(2);
  nowMs += 3_600_000;
  expect(takes("a", 10)).toBe(3);
});

test("a clock that goes back gives nothing, and takes nothing", () => {
  let nowMs = 10_000;
  const limit = new RateLimit({ burst: 1, perMinute: 60, maxKeys: 10 }, () => nowMs);
  expect(limit.take("a")).toBe(true);
  nowMs = 0;
  expect(limit.take("a")).toBe(false);
});

test("keys beyond the bound are forgotten, the oldest first", () => {
  const limit = new RateLimit({ burst: 1, perMinute: 1, maxKeys: 2 }, () => 0);
  for (const key of ["a", "b", "c"]) limit.take(key);
  expect(limit.take("c")).toBe(false);
  expect(limit.take("a")).toBe(true);
});
