import { expect, test } from "vitest";
import type { ArrivalMessage } from "../../runner/contract.ts";
import { type ArrivalRules, timeArrivals } from "./time-arrivals.ts";

const ms = 1_000_000;

/** A clock that moves by what each call takes, and by waiting. */
function world(callMs: (call: number) => number, arrival: ArrivalMessage, calls?: number) {
  let now = BigInt(7 * ms);
  let made = 0;
  const rules: ArrivalRules = {
    message: {
      type: "prepare",
      cell: "c",
      batch_size: 1,
      sequence_length: 8,
      warmup: { max_ms: 10 },
      timed: { min_calls: 10, max_calls: 50, min_ms: 30, max_ms: 1_000 },
      arrival,
      run_on: false,
    },
    go: { type: "go", cell: "c", ...(calls === undefined ? {} : { calls }) },
    nowNs: () => now,
    waitUntil: (instant) => {
      if (now < instant) now = instant;
      return Promise.resolve();
    },
    runOn: false,
    onEnough: () => undefined,
    isFinishing: () => false,
  };
  const call = (): void => {
    now += BigInt(Math.round(callMs(made++) * ms));
  };
  return { rules, call, made: () => made };
}

const everyTenMs = Array.from({ length: 40 }, (_, i) => 10 * ms * i);
/** The call at 100 ms stalls for 200 ms; all others take 2. */
const stalling = (call: number): number => (call === 10 ? 200 : 2);

test("calls that wait behind a stalled one show the wait: nothing is left out by coordination", async () => {
  const server = world(stalling, { pattern: "server", offsets_ns: everyTenMs });
  const run = await timeArrivals(server.call, server.rules);
  const latencies = run.durationsNs.map((duration) => duration / ms);
  expect(latencies.slice(0, 11)).toEqual([2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 200]);
  // Each that was to come meanwhile waits 8 ms less than the one before it: 2 ms of call for 10 of gap.
  expect(latencies.slice(11, 16)).toEqual([192, 184, 176, 168, 160]);
  expect(latencies.filter((latency) => latency > 2)).toHaveLength(25);
  expect(run.serviceNs?.filter((service) => service > 2 * ms)).toEqual([200 * ms]);
});

test("a closed loop sees the same stall in one call only, which is why it is no server", async () => {
  const closed = world(stalling, { pattern: "closed" });
  const { durationsNs } = await timeArrivals(closed.call, closed.rules);
  expect(durationsNs.filter((duration) => duration > 2 * ms)).toHaveLength(1);
});

test("a server that is never done in time stops at the longest time, with calls unserved", async () => {
  const server = world(() => 50, { pattern: "server", offsets_ns: everyTenMs });
  const run = await timeArrivals(server.call, server.rules);
  expect(run.durationsNs).toHaveLength(20);
  expect(run.durationsNs.at(-1)).toBe(1_000 * ms - 190 * ms);
});

test("an offline phase makes exactly the calls that it is told to", async () => {
  const offline = world(() => 2, { pattern: "offline" }, 23);
  const run = await timeArrivals(offline.call, offline.rules);
  expect(run.durationsNs).toEqual(Array.from({ length: 23 }, () => 2 * ms));
});

test("streams that come at once are timed until the last of them is over", async () => {
  const streams = world(() => 2, { pattern: "multi-stream", streams: 4 });
  const run = await timeArrivals(streams.call, streams.rules);
  expect(run.durationsNs).toEqual(Array.from({ length: 10 }, () => 8 * ms));
  expect(streams.made()).toBe(40);
});
