import { expect, test, vi } from "vitest";
import { planned, result } from "../shared/testing/log-events.ts";
import { Projector } from "./projector.ts";
import type { ProjectedEntry } from "./store/rows.ts";

function entry(seq: number): ProjectedEntry {
  return { seq, event: result(), ignored: null };
}

/** A projector whose wait for more entries ends when the test says so, or when it is told to. */
function setUp() {
  const stop = new AbortController();
  const batches: number[][] = [];
  const store = {
    cursor: 0,
    async apply(entries: readonly ProjectedEntry[]) {
      batches.push(entries.map(({ seq }) => seq));
      store.cursor = entries.at(-1)?.seq ?? store.cursor;
    },
  };
  let timeUp = (): void => {};
  const projector = new Projector(
    {
      store,
      sleep: (_ms, signal) =>
        new Promise((resolve, reject) => {
          timeUp = resolve;
          signal.addEventListener("abort", () => reject(signal.reason as Error));
        }),
    },
    () => {},
  );
  const running = projector.run(stop.signal);
  running.catch(() => {});
  return { projector, batches, stop, store, timeUp: () => timeUp() };
}

test("entries gather until the time is up, and go into one transaction", async () => {
  const { projector, batches, stop, timeUp } = setUp();
  for (const seq of [1, 2, 3]) await projector.offer(entry(seq), stop.signal);
  await new Promise((resolve) => setImmediate(resolve));
  expect(batches).toEqual([]);
  timeUp();
  await vi.waitFor(() => expect(batches).toEqual([[1, 2, 3]]));
  stop.abort();
});

test("whoever waits for an entry does not wait for others to gather", async () => {
  const { projector, batches, stop } = setUp();
  await projector.offer(entry(1), stop.signal);
  await new Promise((resolve) => setImmediate(resolve));
  await projector.reached(1, stop.signal);
  expect(batches).toEqual([[1]]);
  stop.abort();
});

test("who waits before there is anything to wait for is served as soon as it comes", async () => {
  const { projector, batches, stop } = setUp();
  const reached = projector.reached(2, stop.signal);
  await projector.offer(entry(1), stop.signal);
  await projector.offer(entry(2), stop.signal);
  await reached;
  expect(batches.flat()).toEqual([1, 2]);
  stop.abort();
});

test("a transaction is bounded by what its entries weigh, and takes one at the least", async () => {
  const { projector, batches, stop } = setUp();
  const cells = Array.from({ length: 18_000 }, (_, n) => ({ cellId: `c${n}`, cell: {} }));
  const plan = (seq: number, count: number): ProjectedEntry => ({
    seq,
    event: { ...planned(), cells: cells.slice(0, count) },
    ignored: null,
  });
  const reached = projector.reached(5, stop.signal);
  const entries = [plan(1, 14_000), plan(2, 14_000), plan(3, 18_000), entry(4), entry(5)];
  for (const one of entries) projector.offer(one, stop.signal).catch(() => {});
  await reached;
  expect(batches).toEqual([[1], [2], [3], [4, 5]]);
  stop.abort();
});

test("what comes while a transaction is written is not taken for a part of it", async () => {
  const { projector, batches, stop, store } = setUp();
  const apply = store.apply.bind(store);
  store.apply = async (entries) => {
    if (batches.length === 0) await projector.offer(entry(2), stop.signal);
    await apply(entries);
  };
  const reached = projector.reached(2, stop.signal);
  await projector.offer(entry(1), stop.signal);
  await reached;
  expect(batches).toEqual([[1], [2]]);
  stop.abort();
});
