import { expect, test, vi } from "vitest";
import { busLimits } from "../shared/bus/bus-limits.ts";
import { silentLogger } from "../shared/runtime/logger.ts";
import { closed } from "../shared/testing/log-events.ts";
import { Proposals } from "./proposals.ts";

function proposing() {
  let now = 0;
  const append = vi.fn<() => Promise<number>>(async () => 7);
  const deps = { logger: silentLogger, randomId: () => "id", nowMs: () => now };
  const proposals = new Proposals({ log: { append }, ...deps });
  return {
    append,
    proposals,
    proposeAt: async (ms: number) => {
      now = ms;
      proposals.propose(closed(), "close");
      await new Promise((resolve) => setImmediate(resolve));
      return append.mock.calls.length;
    },
  };
}

test("what was proposed is not proposed again until it is read back", async () => {
  const { proposals, proposeAt } = proposing();
  expect([await proposeAt(0), await proposeAt(1_000)]).toEqual([1, 1]);
  proposals.readBack(6);
  expect(await proposeAt(2_000)).toBe(1);
  proposals.readBack(7);
  expect(await proposeAt(3_000)).toBe(2);
});

test("what the log lost behind its acknowledgement is proposed again", async () => {
  const { proposeAt } = proposing();
  expect([await proposeAt(0), await proposeAt(29_999), await proposeAt(30_000)]).toEqual([1, 1, 2]);
});

test("what the log refuses is proposed again at once", async () => {
  const { append, proposeAt } = proposing();
  append.mockRejectedValueOnce(new Error("no answer came"));
  expect([await proposeAt(0), await proposeAt(1)]).toEqual([1, 2]);
});

test("proposals of a whole fleet go out a few at a time, in order, and each once", async () => {
  const { append, proposals } = proposing();
  const acks: (() => void)[] = [];
  let seq = 0;
  append.mockImplementation(
    () =>
      new Promise((resolve) => {
        acks.push(() => {
          seq += 1;
          resolve(seq);
        });
      }),
  );
  const hosts = Array.from({ length: 1_000 }, (_, n) => `h${n}`);
  const propose = (): void => {
    for (const hostId of hosts) proposals.propose(closed(), hostId);
  };
  propose();
  propose();
  expect(append).toHaveBeenCalledTimes(busLimits.appendsInFlight);
  while (acks.length > 0) {
    for (const ack of acks.splice(0)) ack();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(append).toHaveBeenCalledTimes(hosts.length);
});

test("where the log refuses one, those that wait are proposed again when they are still due", async () => {
  const { append, proposals } = proposing();
  append.mockImplementation(async () => {
    throw new Error("the bus is away");
  });
  const keys = Array.from({ length: 1_000 }, (_, n) => `k${n}`);
  for (const key of keys) proposals.propose(closed(), key);
  await new Promise((resolve) => setImmediate(resolve));
  expect(append).toHaveBeenCalledTimes(busLimits.appendsInFlight);
  expect(keys.filter((key) => proposals.isPending(key))).toEqual([]);
});

test("a proposal is read back also where the log gives its entry before the acknowledgement", async () => {
  const { append, proposals, proposeAt } = proposing();
  append.mockImplementationOnce(async () => {
    proposals.readBack(7);
    return 7;
  });
  expect([await proposeAt(0), await proposeAt(1)]).toEqual([1, 2]);
});

test("what was proposed once more waits for its new place", async () => {
  const { append, proposals, proposeAt } = proposing();
  await proposeAt(0);
  append.mockResolvedValueOnce(9);
  await proposeAt(30_000);
  proposals.readBack(7);
  expect(await proposeAt(30_001)).toBe(2);
  proposals.readBack(9);
  expect(await proposeAt(30_002)).toBe(3);
});
