import { unreachable } from "./errors.ts";
import type { LogState } from "./fold.ts";
import type { LogEvent } from "./log-event.ts";
import { type Fire, type Schedule, scheduleLimits } from "./schedule.ts";
import type { FiredEvent, ScheduledEvent, ScheduleEvent } from "./schedule-event.ts";

export type ScheduleIgnoredReason =
  | "schedule-exists"
  | "too-many-schedules"
  | "unknown-schedule"
  | "schedule-paused"
  | "schedule-not-paused"
  | "already-fired"
  | "stale-decision"
  | "unknown-fire"
  | "fire-over"
  | "fire-started";

/** Every kind of them; the type says so. */
const kinds: Readonly<Record<ScheduleEvent["type"], true>> = {
  scheduled: true,
  unscheduled: true,
  paused: true,
  resumed: true,
  fired: true,
  passed: true,
  unstarted: true,
  pinned: true,
  concluded: true,
  notified: true,
};

export function isScheduleEvent(event: LogEvent): event is ScheduleEvent {
  return event.type in kinds;
}

/** What the log says of schedules. No clock takes part: the first decision of a fire in the log is the one. */
export function applyScheduleEvent(
  state: LogState,
  event: ScheduleEvent,
): ScheduleIgnoredReason | null {
  if (event.type === "scheduled") return applyScheduled(state, event);
  const schedule = state.schedules.get(event.schedule);
  if (schedule === undefined) return "unknown-schedule";
  if (event.type === "unscheduled") {
    for (const { sweepId } of schedule.fires) state.drafts.delete(sweepId);
    state.schedules.delete(event.schedule);
    return null;
  }
  // Written by one that had not read the sweep's submission: a fire that runs is not one that did not start.
  if (event.type === "unstarted" && state.sweeps.has(event.firedSweepId)) return "fire-started";
  const step = foldSchedule(
    schedule,
    hasStarted(state, event) ? { ...event, skipped: null } : event,
  );
  if (typeof step === "string") return step;
  if (event.type === "unstarted") state.drafts.delete(event.firedSweepId);
  state.schedules.set(event.schedule, event.type === "fired" ? forget(state, step) : step);
  return null;
}

/**
 * Whether the log has the sweep of a fire before the decision of it: the log lost the one that the sweep
 * followed, and a later one cannot leave out what is there.
 */
function hasStarted(state: LogState, event: ScheduleEvent): event is FiredEvent {
  return event.type === "fired" && state.sweeps.has(event.firedSweepId);
}

function applyScheduled(state: LogState, event: ScheduledEvent): ScheduleIgnoredReason | null {
  if (state.schedules.has(event.schedule)) return "schedule-exists";
  if (state.schedules.size >= scheduleLimits.schedules) return "too-many-schedules";
  const { schedule: name, spec, source, fileName, atMs } = event;
  state.schedules.set(name, {
    name,
    spec,
    source,
    fileName,
    addedAtMs: atMs,
    paused: null,
    decidedToMs: atMs,
    passed: 0,
    fires: [],
    baselineSweepId: null,
  });
  return null;
}

type ScheduleChange = Exclude<ScheduleEvent, { readonly type: "scheduled" | "unscheduled" }>;

function foldSchedule(schedule: Schedule, event: ScheduleChange): Schedule | ScheduleIgnoredReason {
  switch (event.type) {
    case "paused": {
      if (schedule.paused !== null) return "schedule-paused";
      const { reason, atMs } = event;
      return { ...schedule, paused: { reason, atMs } };
    }
    case "resumed":
      if (schedule.paused === null) return "schedule-not-paused";
      return {
        ...schedule,
        paused: null,
        decidedToMs: Math.max(schedule.decidedToMs, event.atMs),
      };
    case "fired":
      return foldFired(schedule, event);
    case "passed":
      if (schedule.paused !== null) return "schedule-paused";
      if (event.toMs <= schedule.decidedToMs) return "already-fired";
      if (isStale(schedule, event)) return "stale-decision";
      return { ...schedule, decidedToMs: event.toMs, passed: schedule.passed + event.count };
    case "pinned":
      return { ...schedule, baselineSweepId: event.baselineSweepId };
    case "unstarted":
    case "concluded":
    case "notified":
      return foldFire(schedule, event);
    default:
      return unreachable(event);
  }
}

/**
 * Decided by one that had not read what was decided since, or that had read what the log then lost: it would
 * count a fire twice, or leave some out for ever.
 */
function isStale(
  { decidedToMs }: Schedule,
  { afterMs }: { readonly afterMs?: number | undefined },
) {
  return afterMs !== undefined && afterMs !== decidedToMs;
}

function foldFired(schedule: Schedule, event: FiredEvent): Schedule | ScheduleIgnoredReason {
  const isClocks = event.by === "clock";
  if (isClocks && schedule.paused !== null) return "schedule-paused";
  if (isClocks && event.fireAtMs <= schedule.decidedToMs) return "already-fired";
  if (isClocks && isStale(schedule, event)) return "stale-decision";
  // Where an operator's fire took the clock's own time, its sweep has this very id: it has fired.
  if (!isClocks && schedule.fires.some(({ sweepId }) => sweepId === event.firedSweepId)) {
    return "already-fired";
  }
  const { fireAtMs, firedSweepId: sweepId, by, skipped, decidedAtMs, coordinatorId } = event;
  const known = schedule.fires.some((fire) => fire.sweepId === sweepId);
  const decision = { fireAtMs, sweepId, by, skipped, decidedAtMs, coordinatorId };
  const fire: Fire = { ...decision, notStarted: null, conclusion: null, notices: [] };
  return {
    ...schedule,
    decidedToMs: isClocks ? event.fireAtMs : schedule.decidedToMs,
    fires: known ? schedule.fires : [...schedule.fires, fire],
  };
}

type FireChange = Extract<
  ScheduleChange,
  { readonly type: "unstarted" | "concluded" | "notified" }
>;

function foldFire(schedule: Schedule, event: FireChange): Schedule | ScheduleIgnoredReason {
  const at = schedule.fires.findIndex(({ sweepId }) => sweepId === event.firedSweepId);
  const fire = schedule.fires[at];
  if (fire === undefined) return "unknown-fire";
  const next = stepFire(fire, event);
  return next === null ? "fire-over" : { ...schedule, fires: schedule.fires.with(at, next) };
}

function stepFire(fire: Fire, event: FireChange): Fire | null {
  if (event.type === "unstarted") {
    return fire.notStarted === null && fire.skipped === null && fire.conclusion === null
      ? { ...fire, notStarted: event.reason }
      : null;
  }
  if (event.type === "concluded") {
    return fire.conclusion === null ? { ...fire, conclusion: event.conclusion } : null;
  }
  const { channel, delivered, attempts } = event;
  return fire.notices.some((notice) => notice.channel === channel)
    ? null
    : { ...fire, notices: [...fire.notices, { channel, delivered, attempts }] };
}

/** Whether the sweep is that of a fire that was given up: a plan that comes then was made by one that had not read it. */
export function isGivenUp({ schedules }: LogState, sweepId: string): boolean {
  const schedule = schedules.get(sweepId.slice(0, Math.max(0, sweepId.lastIndexOf("@"))));
  const fire = schedule?.fires.find((other) => other.sweepId === sweepId);
  return fire !== undefined && fire.notStarted !== null;
}

/** Whether nothing more will happen to a fire's sweep. */
export function isFireOver(state: LogState, { skipped, notStarted, sweepId }: Fire): boolean {
  if (skipped !== null || notStarted !== null) return true;
  const phase = state.sweeps.get(sweepId)?.phase;
  return phase === "sealed" || phase === "cancelled";
}

/** The oldest fires leave the history, but never one whose sweep is not over. */
function forget(state: LogState, schedule: Schedule): Schedule {
  let surplus = schedule.fires.length - schedule.spec.keep;
  if (surplus <= 0) return schedule;
  const fires = schedule.fires.filter((fire) => {
    if (surplus <= 0 || !isFireOver(state, fire)) return true;
    surplus -= 1;
    return false;
  });
  return { ...schedule, fires };
}
