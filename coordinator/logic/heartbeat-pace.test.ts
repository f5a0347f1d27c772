import { expect, test } from "vitest";
import { heartbeatPace, isOffPace } from "./heartbeat-pace.ts";

test("a small fleet beats at its usual pace, and a large one shares what a coordinator takes", () => {
  const paces = [0, 1, 2_500, 2_501, 10_000].map((hosts) => heartbeatPace(hosts, 5_000));
  expect(paces).toEqual([5_000, 5_000, 5_000, 6_000, 20_000]);
});

test("no host is silent for longer than a minute, however large its fleet", () => {
  expect(heartbeatPace(1_000_000, 5_000)).toBe(60_000);
});

test("a host keeps a pace that is nearly right", () => {
  expect([isOffPace(5_000, 9_999), isOffPace(9_999, 5_000)]).toEqual([false, false]);
  expect([isOffPace(5_000, 10_000), isOffPace(20_000, 10_000)]).toEqual([true, true]);
});
