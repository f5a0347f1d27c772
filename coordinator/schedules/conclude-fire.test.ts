import { expect, test } from "vitest";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { applyEvent, emptyLogState, type LogState } from "../../shared/domain/fold.ts";
import type { LogEvent } from "../../shared/domain/log-event.ts";
import { planned, submitted } from "../../shared/testing/log-events.ts";
import { fired, ofSchedule, scheduled } from "../../shared/testing/schedule-events.ts";
import { concludeFire } from "./conclude-fire.ts";

const sweepId = "nightly@100";
const signature = { atMs: 7, coordinatorId: "a" };

function fold(...events: LogEvent[]): LogState {
  const state = emptyLogState();
  for (const event of [scheduled(), fired(), ...events]) applyEvent(state, event);
  return state;
}

function of(state: LogState) {
  const schedule = state.schedules.get("nightly");
  const fire = schedule?.fires[0];
  if (schedule === undefined || fire === undefined) throw new Error("no fire");
  return { state, schedule, fire };
}

/** A sweep whose cells were all given up: sealed without a launch. */
const sealed: readonly LogEvent[] = [
  planned({ sweepId }),
  submitted({ sweepId }),
  { type: "abandoned", sweepId, shardId: "h1-0001", hostId: "h1", reason: "gone" },
  { type: "closed", sweepId, shardId: "h1-0001" },
  { type: "sealed", sweepId },
];

const unread = {
  readReportInput: () => Promise.reject(new Error("nothing is to be compared")),
  readHistory: () => Promise.reject(new Error("nothing is to be compared")),
};

test("a fire that did not start says why, and is compared with nothing", async () => {
  const unstarted = { type: "unstarted", ...ofSchedule, reason: "no host" } as const;
  const state = fold({ ...unstarted, firedSweepId: sweepId });
  expect(await concludeFire(unread, of(state), signature)).toEqual({
    outcome: "not-started",
    cells: 0,
    failedCells: 0,
    changedCells: 0,
    previous: null,
    baseline: null,
    problem: "no host",
    ...signature,
  });
});

test("a sweep that was cancelled says by what, and is compared with nothing", async () => {
  const state = fold(planned({ sweepId }), submitted({ sweepId }), {
    type: "cancelled",
    sweepId,
    reason: "by ann",
  });
  expect(await concludeFire(unread, of(state), signature)).toMatchObject({
    outcome: "cancelled",
    cells: 2,
    problem: "by ann",
  });
});

test("the first sweep of a schedule has nothing before it, and its failed cells are counted", async () => {
  const store = { ...unread, readHistory: () => Promise.resolve([]) };
  const found = await concludeFire(store, of(fold(...sealed)), signature);
  expect(found).toMatchObject({ outcome: "done", previous: null, baseline: null, problem: null });
  expect(found).toMatchObject({ cells: 2, failedCells: 2, changedCells: 0 });
});

test("what the data does not give is a problem of the conclusion, and a store that is away is asked again", async () => {
  const gone = new FleetsweepError("sweep.not_found", "no sweep b1");
  const away = new FleetsweepError("link.unavailable", "busy");
  const pinned = { type: "pinned", ...ofSchedule, baselineSweepId: "b1" } as const;
  const state = fold(...sealed, pinned);
  const store = (error: FleetsweepError) => ({
    readReportInput: () => Promise.reject(error),
    readHistory: () => Promise.resolve([]),
  });
  const found = await concludeFire(store(gone), of(state), signature);
  expect(found).toMatchObject({ outcome: "done", baseline: null, problem: "no sweep b1" });
  await expect(concludeFire(store(away), of(state), signature)).rejects.toBe(away);
});
