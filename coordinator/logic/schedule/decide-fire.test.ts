import { expect, test } from "vitest";
import { applyEvent, emptyLogState, type LogState } from "../../../shared/domain/fold.ts";
import type { LogEvent } from "../../../shared/domain/log-event.ts";
import type { Schedule, ScheduleSpec } from "../../../shared/domain/schedule.ts";
import { sha256 } from "../../../shared/runtime/random-id.ts";
import { planned, submitted } from "../../../shared/testing/log-events.ts";
import { emptySchedule, fired, scheduled } from "../../../shared/testing/schedule-events.ts";
import { decideFire, fireLimits } from "./decide-fire.ts";
import { type FireTimes, startAtMs } from "./fire-times.ts";
import { fireToStart, replacedFires } from "./open-fires.ts";

const hourMs = 3_600_000;

/** Every hour; the third hour of the day is maintenance. */
const hourly: FireTimes = {
  next: (_spec, afterMs) => (Math.floor(afterMs / hourMs) + 1) * hourMs,
  inMaintenance: (_spec, atMs) => Math.floor(atMs / hourMs) % 24 === 3,
};

function fold(spec: Partial<ScheduleSpec>, ...events: LogEvent[]): [LogState, Schedule] {
  const state = emptyLogState();
  for (const event of [scheduled({ spec: { ...emptySchedule, ...spec } }), ...events]) {
    applyEvent(state, event);
  }
  return [state, state.schedules.get("nightly") as Schedule];
}

const at = (nowMs: number) => ({ times: hourly, digest: sha256, nowMs });

test("nothing is decided before its time", () => {
  expect(decideFire(...fold({}), at(hourMs - 1))).toBeNull();
  expect(decideFire(...fold({}), at(hourMs))).toEqual({
    type: "fired",
    fireAtMs: hourMs,
    skipped: null,
  });
});

test("missed fires are skipped, run for the last, or run all up to a bound", () => {
  const late = 200 * hourMs + fireLimits.missedAfterMs + 1;
  expect(decideFire(...fold({ missed: "skip" }), at(late))).toEqual({
    type: "passed",
    toMs: 200 * hourMs,
    count: 200,
  });
  expect(decideFire(...fold({ missed: "last" }), at(late))).toEqual({
    type: "passed",
    toMs: 199 * hourMs,
    count: 199,
  });
  expect(decideFire(...fold({ missed: "all" }), at(late))).toEqual({
    type: "passed",
    toMs: (200 - fireLimits.caughtUp) * hourMs,
    count: 200 - fireLimits.caughtUp,
  });
});

test("years of missed fires are passed piece by piece", () => {
  const decision = decideFire(...fold({ missed: "last" }), at(1_000_000 * hourMs));
  expect(decision).toMatchObject({ type: "passed", count: fireLimits.examined });
});

test("a fire in a maintenance window is skipped with the reason", () => {
  const [state, schedule] = fold({}, fired({ fireAtMs: 2 * hourMs, skipped: "x" }));
  expect(decideFire(state, schedule, at(3 * hourMs))).toMatchObject({
    skipped: "in a maintenance window",
  });
});

test("while a sweep is not over, a fire is skipped, waits, or takes its place", () => {
  const running = fired({ fireAtMs: hourMs, firedSweepId: "s1" });
  const sweep = [planned(), submitted()];
  const skippedUnder = (overlap: ScheduleSpec["overlap"]) => {
    const decision = decideFire(...fold({ overlap }, running, ...sweep), at(2 * hourMs));
    return decision?.type === "fired" ? decision.skipped : undefined;
  };
  expect(skippedUnder("forbid")).toBe("s1 is not over");
  expect(skippedUnder("queue")).toBeNull();
  expect(skippedUnder("replace")).toBeNull();
  const next = fired({ fireAtMs: 2 * hourMs });
  const [queueing, queued] = fold({ overlap: "queue" }, running, ...sweep, next);
  expect(fireToStart(queueing, queued)).toBeNull();
  applyEvent(queueing, { type: "cancelled", sweepId: "s1", reason: "" });
  expect(fireToStart(queueing, queued)?.fireAtMs).toBe(2 * hourMs);
  const [replacing, replaced] = fold({ overlap: "replace" }, running, ...sweep, next);
  expect(replacedFires(replacing, replaced).map(({ sweepId }) => sweepId)).toEqual(["s1"]);
});

test("the queue of fires that wait is bounded", () => {
  const fires = Array.from({ length: 11 }, (_, index) => fired({ fireAtMs: (index + 1) * hourMs }));
  const decision = decideFire(...fold({ overlap: "queue" }, ...fires), at(12 * hourMs));
  expect(decision).toMatchObject({ skipped: "10 fires wait already" });
});

test("the jitter of a fire is the same for all, within its bound, and never reaches the next fire", () => {
  const spec = { ...emptySchedule, jitterSeconds: 7_200 };
  const starts = Array.from({ length: 200 }, (_, index) =>
    startAtMs({ name: "nightly", spec }, index * hourMs, at(0)),
  );
  const again = starts.map((_, index) =>
    startAtMs({ name: "nightly", spec }, index * hourMs, at(9)),
  );
  expect(again).toEqual(starts);
  for (const [index, start] of starts.entries()) {
    expect(start).toBeGreaterThanOrEqual(index * hourMs);
    expect(start).toBeLessThan((index + 1) * hourMs);
  }
  expect(new Set(starts.map((start, index) => start - index * hourMs)).size).toBeGreaterThan(190);
});
