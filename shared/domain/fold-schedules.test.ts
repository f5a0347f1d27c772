import fc from "fast-check";
import { expect, test } from "vitest";
import { planned, submitted } from "../testing/log-events.ts";
import { emptySchedule, fired, ofSchedule, scheduled } from "../testing/schedule-events.ts";
import { applyEvent, emptyLogState, type LogState } from "./fold.ts";
import type { LogEvent } from "./log-event.ts";

function fold(...events: LogEvent[]): LogState {
  const state = emptyLogState();
  for (const event of events) applyEvent(state, event);
  return state;
}

const paused = { type: "paused", ...ofSchedule, reason: "", atMs: 10 } as const;
const resumed = { type: "resumed", ...ofSchedule, atMs: 500 } as const;

const anyScheduleEvent: fc.Arbitrary<LogEvent> = fc.oneof(
  fc.nat(900).map((at) => fired({ fireAtMs: at })),
  fc.nat(900).map((at) => fired({ fireAtMs: at, by: "operator" })),
  fc.nat(900).map((toMs): LogEvent => ({ type: "passed", ...ofSchedule, toMs, count: 1 })),
  fc.constantFrom<LogEvent>(paused, resumed, scheduled(), { type: "unscheduled", ...ofSchedule }),
);

test("a fire is decided once, whoever decides it and however often", () => {
  const state = fold(scheduled(), fired({ fireAtMs: 100, coordinatorId: "a" }));
  const again = fired({ fireAtMs: 100, coordinatorId: "b", skipped: "other" });
  expect(applyEvent(state, again).ignored).toBe("already-fired");
  expect(applyEvent(state, fired({ fireAtMs: 100, by: "operator" })).ignored).toBe("already-fired");
  expect(state.schedules.get("nightly")?.fires).toMatchObject([
    { fireAtMs: 100, coordinatorId: "a", skipped: null },
  ]);
  fc.assert(
    fc.property(fc.array(anyScheduleEvent, { maxLength: 60 }), (events) => {
      const fires = fold(scheduled(), ...events).schedules.get("nightly")?.fires ?? [];
      expect(new Set(fires.map(({ sweepId }) => sweepId)).size).toBe(fires.length);
    }),
  );
});

test("fires of the clock are decided in the order of their times", () => {
  const state = fold(scheduled(), fired({ fireAtMs: 200 }));
  expect(applyEvent(state, fired({ fireAtMs: 150 })).ignored).toBe("already-fired");
  const passed = { type: "passed", ...ofSchedule, toMs: 300, count: 2 } as const;
  expect(applyEvent(state, passed).ignored).toBeNull();
  expect(applyEvent(state, fired({ fireAtMs: 250 })).ignored).toBe("already-fired");
  expect(applyEvent(state, fired({ fireAtMs: 400 })).ignored).toBeNull();
  expect(state.schedules.get("nightly")).toMatchObject({ decidedToMs: 400, passed: 2 });
});

test("a decision takes effect only where its coordinator knew what was decided before", () => {
  const state = fold(scheduled(), fired({ fireAtMs: 200, afterMs: 0 }));
  const passed = { type: "passed", ...ofSchedule, toMs: 300 } as const;
  // It had not read the fire, and counts it among those that were missed.
  expect(applyEvent(state, { ...passed, count: 3, afterMs: 0 }).ignored).toBe("stale-decision");
  // It had read more, which the log has lost since: those between would never be decided.
  expect(applyEvent(state, fired({ fireAtMs: 400, afterMs: 300 })).ignored).toBe("stale-decision");
  expect(applyEvent(state, { ...passed, count: 1, afterMs: 200 }).ignored).toBeNull();
  expect(state.schedules.get("nightly")).toMatchObject({ decidedToMs: 300, passed: 1 });
});

test("a paused schedule decides nothing, and what fell into the pause is gone", () => {
  const state = fold(scheduled(), paused);
  expect(applyEvent(state, fired({ fireAtMs: 100 })).ignored).toBe("schedule-paused");
  expect(applyEvent(state, fired({ fireAtMs: 110, by: "operator" })).ignored).toBeNull();
  applyEvent(state, resumed);
  expect(applyEvent(state, fired({ fireAtMs: 400 })).ignored).toBe("already-fired");
  expect(applyEvent(state, fired({ fireAtMs: 600 })).ignored).toBeNull();
});

test("an operator's fire at the clock's own time is the clock's fire", () => {
  const state = fold(scheduled(), fired({ fireAtMs: 100, by: "operator" }));
  expect(applyEvent(state, fired({ fireAtMs: 100 })).ignored).toBeNull();
  expect(state.schedules.get("nightly")).toMatchObject({ decidedToMs: 100 });
  expect(state.schedules.get("nightly")?.fires).toHaveLength(1);
});

test("the oldest fires leave the history, but never one whose sweep is not over", () => {
  const spec = { ...emptySchedule, keep: 2 };
  const state = fold(
    scheduled({ spec }),
    fired({ fireAtMs: 1 }),
    fired({ fireAtMs: 2, skipped: "why" }),
    fired({ fireAtMs: 3, skipped: "why" }),
    fired({ fireAtMs: 4, skipped: "why" }),
  );
  const kept = state.schedules.get("nightly")?.fires.map(({ fireAtMs }) => fireAtMs);
  expect(kept).toEqual([1, 4]);
});

test("of two plans of one sweep the first that is submitted whole is the sweep", () => {
  const draft = (planId: string, shardId: string, hostId: string): LogEvent =>
    planned({ planId, shardId, hostId });
  const state = fold(draft("p1", "h1-0001", "h1"), draft("p2", "h2-0001", "h2"));
  expect(applyEvent(state, submitted({ planId: "p1", shardCount: 2 })).ignored).toBe(
    "shards-missing",
  );
  const taken = applyEvent(state, submitted({ planId: "p2", shardCount: 1 }));
  expect(taken).toMatchObject({ ignored: null, plan: [{ hostId: "h2" }] });
  expect([...(state.sweeps.get("s1")?.shards.keys() ?? [])]).toEqual(["h2-0001"]);
  expect(applyEvent(state, draft("p1", "h1-0002", "h1")).ignored).toBe("already-submitted");
  expect(applyEvent(state, submitted({ planId: "p1", shardCount: 2 })).ignored).toBe(
    "already-submitted",
  );
  expect(state.drafts.size).toBe(0);
});

test("a fire whose sweep the log has before it cannot be left out", () => {
  const fire = fired({ fireAtMs: 100, skipped: "the last one still runs" });
  const sweepId = fire.type === "fired" ? fire.firedSweepId : "";
  const before = [planned({ sweepId }), submitted({ sweepId, shardCount: 1 })];
  const skippedIn = (state: LogState) => state.schedules.get("nightly")?.fires[0]?.skipped;
  expect(skippedIn(fold(scheduled(), ...before, fire))).toBeNull();
  expect(skippedIn(fold(scheduled(), fire))).toBe("the last one still runs");
});

const givenUp = { type: "unstarted", ...ofSchedule, firedSweepId: "nightly@100" } as const;
const draftOf = (sweepId: string, planId: string): LogEvent[] => [
  planned({ sweepId, planId }),
  submitted({ sweepId, planId, shardCount: 1 }),
];

test("a fire whose sweep was submitted before the word that it does not start has started", () => {
  const state = fold(scheduled(), fired({ fireAtMs: 100 }), ...draftOf("nightly@100", "p1"));
  const event = { ...givenUp, reason: "a later fire of its schedule takes its place" };
  expect(applyEvent(state, event).ignored).toBe("fire-started");
  expect(state.schedules.get("nightly")?.fires[0]?.notStarted).toBeNull();
});

test("a fire that was given up has no sweep, whoever had planned it and comes late", () => {
  const state = fold(scheduled(), fired({ fireAtMs: 100 }), fired({ fireAtMs: 200 }));
  expect(applyEvent(state, { ...givenUp, reason: "no host" }).ignored).toBeNull();
  const late = draftOf("nightly@100", "p1").map((event) => applyEvent(state, event).ignored);
  expect(late).toEqual(["draft", "fire-over"]);
  const next = draftOf("nightly@200", "p2").map((event) => applyEvent(state, event).ignored);
  expect(next).toEqual(["draft", null]);
  expect([...state.sweeps.keys()]).toEqual(["nightly@200"]);
});

test("any two readers of one prefix derive the same schedules", () => {
  fc.assert(
    fc.property(fc.array(anyScheduleEvent, { maxLength: 40 }), fc.nat(40), (events, pause) => {
      const resumedState = fold(scheduled(), ...events.slice(0, pause));
      for (const event of events.slice(pause)) applyEvent(resumedState, event);
      expect(resumedState).toEqual(fold(scheduled(), ...events));
    }),
  );
});
