import type { Conclusion, Fire, ScheduleSpec } from "./schedule.ts";

/** Events of schedules stand under the fleet's own sweep: no sweep has them. */
interface OfSchedule {
  readonly sweepId: "_";
  readonly schedule: string;
}

export type ScheduleEvent =
  | ScheduledEvent
  | UnscheduledEvent
  | PausedEvent
  | ResumedEvent
  | FiredEvent
  | PassedEvent
  | UnstartedEvent
  | PinnedEvent
  | ConcludedEvent
  | NotifiedEvent;

export interface ScheduledEvent extends OfSchedule {
  readonly type: "scheduled";
  readonly spec: ScheduleSpec;
  readonly source: string;
  readonly fileName: string;
  readonly atMs: number;
}

export interface UnscheduledEvent extends OfSchedule {
  readonly type: "unscheduled";
}

export interface PausedEvent extends OfSchedule {
  readonly type: "paused";
  readonly reason: string;
  readonly atMs: number;
}

export interface ResumedEvent extends OfSchedule {
  readonly type: "resumed";
  readonly atMs: number;
}

/** A fire is decided: its sweep is to start, or is skipped with the reason. */
export interface FiredEvent extends OfSchedule {
  readonly type: "fired";
  readonly fireAtMs: number;
  /**
   * Every fire up to here was decided when the clock's one was: it takes no effect where that is not so any
   * more. Absent for an operator's, and in entries from before it was written.
   */
  readonly afterMs?: number | undefined;
  /** `<schedule>@<fire time UTC>`. */
  readonly firedSweepId: string;
  readonly by: Fire["by"];
  readonly skipped: string | null;
  readonly decidedAtMs: number;
  readonly coordinatorId: string;
}

/** Fires up to a time were missed and start nothing. */
export interface PassedEvent extends OfSchedule {
  readonly type: "passed";
  readonly toMs: number;
  readonly count: number;
  /** As in {@link FiredEvent}. */
  readonly afterMs?: number | undefined;
}

/** The fire's sweep cannot start. */
export interface UnstartedEvent extends OfSchedule {
  readonly type: "unstarted";
  readonly firedSweepId: string;
  readonly reason: string;
}

/** The sweep that later ones are compared with, or none. */
export interface PinnedEvent extends OfSchedule {
  readonly type: "pinned";
  readonly baselineSweepId: string | null;
}

export interface ConcludedEvent extends OfSchedule {
  readonly type: "concluded";
  readonly firedSweepId: string;
  readonly conclusion: Conclusion;
}

export interface NotifiedEvent extends OfSchedule {
  readonly type: "notified";
  readonly firedSweepId: string;
  readonly channel: string;
  readonly delivered: boolean;
  readonly attempts: number;
}
