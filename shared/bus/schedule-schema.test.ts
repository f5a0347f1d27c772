import { expect, test } from "vitest";
import type { Conclusion } from "../domain/schedule.ts";
import type { ScheduleEvent } from "../domain/schedule-event.ts";
import { emptySchedule, fired, ofSchedule, scheduled } from "../testing/schedule-events.ts";
import { decodeEvent, encodeEvent } from "./log-codec.ts";

const conclusion: Conclusion = {
  outcome: "done",
  cells: 4,
  failedCells: 1,
  previous: {
    sweepId: "nightly@1",
    outcome: "regression",
    improved: 0,
    regressed: 1,
    same: 2,
    inconclusive: 0,
    ratio: 1.2,
  },
  baseline: null,
  changedCells: 1,
  problem: null,
  atMs: 5,
  coordinatorId: "a",
};
const ofFire = { ...ofSchedule, firedSweepId: "nightly@1" };
const spec = {
  ...emptySchedule,
  jitterSeconds: 5,
  maintenance: [{ cron: "0 0 * * 6", minutes: 240 }],
};

const oneOfEach: readonly ScheduleEvent[] = [
  scheduled({ spec }),
  { type: "unscheduled", ...ofSchedule },
  { type: "paused", ...ofSchedule, reason: "holidays", atMs: 1 },
  { type: "resumed", ...ofSchedule, atMs: 2 },
  fired(),
  fired({ by: "operator", skipped: "in a maintenance window" }),
  { type: "passed", ...ofSchedule, toMs: 3, count: 2 },
  { type: "unstarted", ...ofFire, reason: "no host is connected" },
  { type: "pinned", ...ofSchedule, baselineSweepId: "s1" },
  { type: "pinned", ...ofSchedule, baselineSweepId: null },
  { type: "concluded", ...ofFire, conclusion },
  { type: "notified", ...ofFire, channel: "mail", delivered: false, attempts: 5 },
];

test.each(oneOfEach)("a $type event of a schedule comes back as it was", (event) => {
  const { subject, payload } = encodeEvent(event);
  expect(subject).toBe(`fs.log._._.${event.type}`);
  expect(decodeEvent(subject, payload)).toEqual({ event });
});

test("a schedule under the name of a sweep, or with a name that is no name, cannot stand in the log", () => {
  expect(() => encodeEvent(scheduled({ schedule: "Nightly@1" }))).toThrow(
    "cannot stand in the log",
  );
  const { payload } = encodeEvent(scheduled());
  expect(decodeEvent("fs.log.s1._.scheduled", payload)).toHaveProperty("corrupt");
});
