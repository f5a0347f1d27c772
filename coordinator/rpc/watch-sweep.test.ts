import { expect, test } from "vitest";
import type { WatchSweepResponse } from "../../proto/gen/fleetsweep/v1/WatchSweepResponse.ts";
import { type WatchedSweep, watchLimits, watchSweep } from "./watch-sweep.ts";

interface Moment {
  readonly done: readonly number[];
  readonly state?: string;
}

/** What a watcher is told of a sweep at these moments, each one look apart; the last ends it. */
async function watch(changes: boolean, moments: readonly Moment[]) {
  const told: WatchSweepResponse[] = [];
  const looks = { rows: 0, pauses: 0 };
  const look = (): WatchedSweep => {
    const at = Math.min(looks.pauses, moments.length - 1);
    const { done = [], state = "running" } = moments[at] ?? {};
    const hostIds = done.map((_, host) => `h${host}`);
    return {
      summary: { sweepId: "s1", state, hostIds },
      hosts: () => {
        looks.rows += 1;
        return done.map((cellsDone, host) => ({ hostId: `h${host}`, cellsDone }));
      },
      ended: at === moments.length - 1,
    };
  };
  await watchSweep(
    { changes },
    {
      look,
      tell: async (response) => {
        told.push(response);
      },
      pause: async () => {
        looks.pauses += 1;
      },
    },
  );
  return { told, rowLooks: looks.rows };
}

const rowsOf = (told: readonly WatchSweepResponse[]) =>
  told.map(({ hosts = [] }) => hosts.map(({ hostId, cellsDone }) => `${hostId} ${cellsDone}`));

test("a watcher of changes hears of every host once, and then of those that changed", async () => {
  const moments = [{ done: [0, 0] }, { done: [0, 0] }, { done: [0, 1] }, { done: [2, 1] }];
  const { told } = await watch(true, moments);
  expect(rowsOf(told)).toEqual([["h0 0", "h1 0"], ["h1 1"], ["h0 2"]]);
  expect(told.map(({ summary }) => summary?.hostIds)).toEqual([["h0", "h1"], [], []]);
});

test("who does not ask for changes hears of all hosts whenever one changed", async () => {
  const { told } = await watch(false, [{ done: [0, 0] }, { done: [0, 0] }, { done: [0, 1] }]);
  expect(rowsOf(told)).toEqual([
    ["h0 0", "h1 0"],
    ["h0 0", "h1 1"],
  ]);
});

test("a change of the sweep alone is told without rows", async () => {
  const { told } = await watch(true, [{ done: [1] }, { done: [1], state: "done" }]);
  expect(rowsOf(told)).toEqual([["h0 1"], []]);
  expect(told.at(-1)?.summary?.state).toBe("done");
});

test("rows of a large fleet are looked at seldom, and its last state is told whole", async () => {
  const hosts = 4 * watchLimits.lookMs;
  const done = Array.from({ length: hosts }, () => 0);
  const moments = [...Array.from({ length: 8 }, () => ({ done })), { done: [...done.slice(1), 9] }];
  const { told, rowLooks } = await watch(true, moments);
  expect(rowLooks).toBe(3);
  expect(rowsOf(told).map(({ length }) => length)).toEqual([watchLimits.rowsPerMessage, 1]);
});

test("no message holds more rows than its bound", async () => {
  const done = Array.from({ length: 2 * watchLimits.rowsPerMessage + 1 }, () => 0);
  const { told } = await watch(true, [{ done }]);
  const { rowsPerMessage } = watchLimits;
  expect(rowsOf(told).map(({ length }) => length)).toEqual([rowsPerMessage, rowsPerMessage, 1]);
});
