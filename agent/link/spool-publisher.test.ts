import { expect, test } from "vitest";
import { makeMemoryLog } from "../../shared/bus/memory-log.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import type { LaunchResult } from "../../shared/domain/result.ts";
import { result } from "../../shared/testing/log-events.ts";
import type { Spool } from "./spool.ts";
import { makeSpoolPublisher, publisherLimits } from "./spool-publisher.ts";
import { encodeRecord } from "./spool-record.ts";

/** A spool without a disk. */
function memorySpool(attemptIds: readonly string[]): Spool {
  const kept = new Map<string, LaunchResult>(
    attemptIds.map((attemptId) => [attemptId, result({ attemptId }).result]),
  );
  return {
    async put(launch) {
      kept.set(launch.attemptId, launch);
    },
    pending: () => [...kept.keys()],
    async read(attemptId) {
      return kept.get(attemptId);
    },
    async message(attemptId) {
      const launch = kept.get(attemptId);
      return launch && encodeRecord(launch).message;
    },
    async remove(released) {
      for (const attemptId of released) kept.delete(attemptId);
    },
    get depth() {
      return kept.size;
    },
    sizeBytes: 0,
    torn: [],
  };
}

type Append = (attemptId: string) => Promise<number>;

function setUp(
  attemptIds: readonly string[],
  append: Append,
  cellOf = (attemptId: string): string => attemptId,
) {
  const stop = new AbortController();
  const spool = memorySpool(attemptIds);
  const waits: number[] = [];
  const troubles: unknown[] = [];
  const publisher = makeSpoolPublisher({
    spool,
    log: { appendEncoded: (_message, { messageId }) => append(messageId) },
    cellOf,
    random: () => 0.5,
    wait: async (ms) => {
      waits.push(ms);
    },
    onTrouble: (_attemptId, error) => troubles.push(error),
  });
  return { stop, spool, publisher, waits, troubles, running: publisher.run(stop.signal) };
}

const away = new FleetsweepError("bus.unavailable", "the bus is away");

test("every result is published under its attempt id, and stays until it is released", async () => {
  const ids = Array.from({ length: 100 }, (_, n) => `a${n}`);
  const published: string[] = [];
  const { stop, spool, running } = setUp(ids, async (id) => {
    published.push(id);
    if (published.length === ids.length) stop.abort();
    return published.length;
  });
  await running;
  expect(published).toEqual(ids);
  expect(spool.depth).toBe(ids.length);
});

test("results of one cell stand in the log in the order of their launches, those of others pass", async () => {
  const published: string[] = [];
  const failures = new Map([["x1", 3]]);
  const ids = ["x1", "x2", "x3", "y1", "z1"];
  const append = async (id: string): Promise<number> => {
    const left = failures.get(id) ?? 0;
    failures.set(id, left - 1);
    if (left > 0) throw away;
    published.push(id);
    if (published.length === ids.length) stop.abort();
    return published.length;
  };
  const { stop, publisher, running } = setUp(ids, append, (id) => id.charAt(0));
  await publisher.settled(stop.signal);
  await running;
  expect(published.slice(0, 2).toSorted()).toEqual(["y1", "z1"]);
  expect(published.slice(2)).toEqual(["x1", "x2", "x3"]);
});

test("a result that comes later is published once noticed, and no earlier one again", async () => {
  const published: string[] = [];
  const { stop, spool, publisher, running } = setUp(["a0"], async (id) => {
    published.push(id);
    if (id === "a1") stop.abort();
    return 1;
  });
  await spool.put(result({ attemptId: "a1" }).result);
  publisher.notice();
  await running;
  expect(published).toEqual(["a0", "a1"]);
});

test("of results that are named no other is looked for, and each is published once", async () => {
  const published: string[] = [];
  const { stop, spool, publisher, running } = setUp([], async (id) => {
    published.push(id);
    if (id === "last") stop.abort();
    return 1;
  });
  for (const attemptId of ["unnamed", "a1", "a2", "last"]) {
    await spool.put(result({ attemptId }).result);
  }
  publisher.notice(["a1", "a2"]);
  publisher.notice(["a2", "last"]);
  await running;
  expect(published).toEqual(["a1", "a2", "last"]);
});

test("a failure is tried again for ever, after waits that double up to the cap", async () => {
  let tries = 0;
  const { stop, waits, troubles, running } = setUp(["a0"], async () => {
    tries += 1;
    if (tries <= 12) throw away;
    stop.abort();
    return 1;
  });
  await running;
  const { baseMs, capMs } = publisherLimits.retry;
  expect(waits).toEqual(
    Array.from({ length: 12 }, (_, n) => Math.floor(Math.min(capMs, baseMs * 2 ** n) / 2)),
  );
  expect(troubles).toHaveLength(12);
});

test("a result that the bus refuses holds up no other", async () => {
  const published: string[] = [];
  const { stop, running } = setUp(["bad", "a1", "a2"], async (id) => {
    if (id === "bad") throw new FleetsweepError("bus.rejected", "no permission");
    published.push(id);
    if (published.length === 2) stop.abort();
    return 1;
  });
  await running;
  expect(published).toEqual(["a1", "a2"]);
});

test("no more than the limit are in flight", async () => {
  const ids = Array.from({ length: 3 * publisherLimits.inFlight }, (_, n) => `a${n}`);
  let inFlight = 0;
  let most = 0;
  let published = 0;
  const { stop, running } = setUp(ids, async () => {
    inFlight += 1;
    most = Math.max(most, inFlight);
    await new Promise((resolve) => setImmediate(resolve));
    inFlight -= 1;
    published += 1;
    if (published === ids.length) stop.abort();
    return published;
  });
  await running;
  expect(published).toBe(ids.length);
  expect(most).toBe(publisherLimits.inFlight);
});

test("what is released while the bus is away is not published any more", async () => {
  let tries = 0;
  const { stop, spool, running } = setUp(["a0"], async () => {
    tries += 1;
    await spool.remove(["a0"]);
    stop.abort();
    throw away;
  });
  await running;
  expect(tries).toBe(1);
});

test("republishing sends everything that was not released once more", async () => {
  const log = makeMemoryLog({ now: () => Date.now() });
  const stop = new AbortController();
  const spool = memorySpool(["a0", "a1", "a2"]);
  let sent = 0;
  const publisher = makeSpoolPublisher({
    spool,
    cellOf: (attemptId) => attemptId,
    log: {
      async appendEncoded(message, options) {
        const seq = await log.appendEncoded(message, options);
        sent += 1;
        if (sent === 3) {
          await spool.remove(["a1"]);
          publisher.republish();
        }
        if (sent === 5) stop.abort();
        return seq;
      },
    },
    random: () => 0,
    onTrouble: () => {},
  });
  await publisher.run(stop.signal);
  expect(sent).toBe(5);
  expect((await log.head()).lastSeq).toBe(3);
});
