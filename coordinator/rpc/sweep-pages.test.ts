import { expect, test } from "vitest";
import { applyEvent, emptyLogState } from "../../shared/domain/fold.ts";
import { planned } from "../../shared/testing/log-events.ts";
import { summarizeSweep } from "../logic/summary.ts";
import { pageOfSweeps } from "./sweep-pages.ts";

/** Sweeps of the log, the newest first, of which the walk counts how many were looked at. */
function setUp(count: number, hosts = 1) {
  const state = emptyLogState();
  for (let n = 1; n <= count; n += 1) {
    for (let host = 0; host < hosts; host += 1) {
      const hostId = `${host}`.padStart(100, "h");
      applyEvent(state, planned({ sweepId: `s${n}`, shardId: `d${host}`, hostId }));
    }
  }
  const seen = { count: 0 };
  function* newestFirst() {
    for (const sweep of [...state.sweeps.values()].reverse()) {
      seen.count += 1;
      yield summarizeSweep(sweep);
    }
  }
  return { seen, sweeps: newestFirst() };
}

const idsOf = ({ sweeps = [], more }: ReturnType<typeof pageOfSweeps>) => [
  sweeps.map(({ sweepId }) => sweepId),
  more,
];

test("a page has the newest sweeps, the newest last, and says that there are older ones", () => {
  const { seen, sweeps } = setUp(10);
  expect(idsOf(pageOfSweeps(sweeps, 3))).toEqual([["s8", "s9", "s10"], true]);
  expect(seen.count).toBe(4);
});

test("what fits is one page", () => {
  expect(idsOf(pageOfSweeps(setUp(3).sweeps, 0))).toEqual([["s1", "s2", "s3"], false]);
  expect(idsOf(pageOfSweeps(setUp(3).sweeps, 3))).toEqual([["s1", "s2", "s3"], false]);
  expect(idsOf(pageOfSweeps([], 0))).toEqual([[], false]);
});

test("a page ends before the hosts of its sweeps are too long for a message", () => {
  const { sweeps } = setUp(4, 5_000);
  expect(idsOf(pageOfSweeps(sweeps, 0))).toEqual([["s3", "s4"], true]);
});

test("a sweep that is longer than a page has one of its own", () => {
  const { sweeps } = setUp(2, 11_000);
  expect(idsOf(pageOfSweeps(sweeps, 0))).toEqual([["s2"], true]);
});
