import type { ScheduleSpec } from "../domain/schedule.ts";
import type { FiredEvent, ScheduledEvent } from "../domain/schedule-event.ts";

/** Builders of the events of a schedule: each test shows only what differs. */
export const ofSchedule = { sweepId: "_", schedule: "nightly" } as const;

export const emptySchedule: ScheduleSpec = {
  cron: "0 2 * * *",
  timeZone: "UTC",
  missed: "last",
  overlap: "queue",
  jitterSeconds: 0,
  maintenance: [],
  keep: 100,
  startWithinMinutes: 60,
};

export function scheduled(overrides: Partial<ScheduledEvent> = {}): ScheduledEvent {
  const source = "name: test\n";
  const base = { type: "scheduled", ...ofSchedule, spec: emptySchedule, source } as const;
  return { ...base, fileName: "test.yaml", atMs: 0, ...overrides };
}

export function fired(overrides: Partial<FiredEvent> = {}): FiredEvent {
  const fireAtMs = overrides.fireAtMs ?? 100;
  return {
    type: "fired",
    ...ofSchedule,
    fireAtMs,
    firedSweepId: `nightly@${fireAtMs}`,
    by: "clock",
    skipped: null,
    decidedAtMs: fireAtMs,
    coordinatorId: "a",
    ...overrides,
  };
}
