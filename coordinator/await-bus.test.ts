import { expect, test } from "vitest";
import { type ErrorCode, FleetsweepError } from "../shared/domain/errors.ts";
import { awaitBus } from "./await-bus.ts";

/** A bus that answers after so many tries, on a clock of its own. */
function makeBus(tries: number, code: ErrorCode = "bus.unavailable") {
  const stop = new AbortController();
  const waits: string[] = [];
  const pausesMs: number[] = [];
  let nowMs = 0;
  let tried = 0;
  const sleep = async (ms: number, signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    pausesMs.push(ms);
    nowMs += ms;
  };
  const open = async (): Promise<string> => {
    tried += 1;
    if (tried < tries) throw new FleetsweepError(code, "the connection was refused");
    return "open";
  };
  const deps = {
    clock: { monotonicMs: () => nowMs, sleep },
    withinMs: 60_000,
    onWait: (reason: string) => waits.push(reason),
    signal: stop.signal,
  };
  return { open, deps, waits, pausesMs, stop, tries: () => tried };
}

test("a bus that comes is waited for, with pauses that grow to a bound, and each is told", async () => {
  const { open, deps, waits, pausesMs } = makeBus(9);
  expect(await awaitBus(open, deps)).toBe("open");
  expect(pausesMs).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 14_500]);
  expect(waits).toHaveLength(8);
  expect(waits[0]).toBe("the connection was refused; trying for 60 s more");
});

test("after its time the wait ends with what was found last", async () => {
  const { open, deps, pausesMs } = makeBus(Number.POSITIVE_INFINITY);
  await expect(awaitBus(open, deps)).rejects.toMatchObject({ code: "bus.unavailable" });
  expect(pausesMs.reduce((sum, ms) => sum + ms, 0)).toBe(60_000);
});

test("a bus that refuses us is not waited for", async () => {
  const { open, deps, waits } = makeBus(2, "bus.rejected");
  await expect(awaitBus(open, deps)).rejects.toMatchObject({ code: "bus.rejected" });
  expect(waits).toEqual([]);
});

test("a program that is stopped while it waits ends at once", async () => {
  const { open, deps, stop, tries } = makeBus(Number.POSITIVE_INFINITY);
  stop.abort(new Error("stopped"));
  await expect(awaitBus(open, deps)).rejects.toThrow("stopped");
  expect(tries()).toBe(1);
});
