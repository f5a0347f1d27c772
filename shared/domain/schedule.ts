/** When a schedule starts its sweep, and what happens where it cannot. */
export interface ScheduleSpec {
  /** Five fields: minute, hour, day of the month, month, day of the week. */
  readonly cron: string;
  /** IANA name, such as `Europe/Paris`. */
  readonly timeZone: string;
  /** What becomes of fires that no coordinator was there for. */
  readonly missed: MissedPolicy;
  /** What becomes of a fire while the schedule's last sweep is not over. */
  readonly overlap: OverlapPolicy;
  /** A fire waits up to so long, always equally long for the same fire. */
  readonly jitterSeconds: number;
  /** No fire starts in them; times are in the schedule's time zone. */
  readonly maintenance: readonly MaintenanceWindow[];
  /** Fires that the history keeps. */
  readonly keep: number;
  /** How long a fire waits for a host that can run its sweep. */
  readonly startWithinMinutes: number;
}

export const missedPolicies = ["skip", "last", "all"] as const;
export type MissedPolicy = (typeof missedPolicies)[number];

export const overlapPolicies = ["forbid", "queue", "replace"] as const;
export type OverlapPolicy = (typeof overlapPolicies)[number];

export interface MaintenanceWindow {
  readonly cron: string;
  readonly minutes: number;
}

/** Bounds of one schedule, and of all. */
export const scheduleLimits = {
  schedules: 1_000,
  /** Fires that wait behind a sweep that is not over. */
  waiting: 10,
  keep: 1_000,
  jitterSeconds: 86_400,
  maintenanceWindows: 20,
  /** A window of a week; a longer one is a pause. */
  maintenanceMinutes: 10_080,
  startWithinMinutes: 10_080,
  cronChars: 200,
} as const;

/**
 * A schedule, folded from the log.
 *
 *     scheduled ──▶ active ◀──paused, resumed──▶ paused
 *                     ╰──────unscheduled──────────╯──▶ gone
 *
 * Invariants, each the name of a test in fold-schedules.test.ts:
 * - A fire is decided once, whoever decides it and however often.
 * - Fires of the clock are decided in the order of their times.
 * - A decision takes effect only where its coordinator knew what was decided before.
 * - A paused schedule decides nothing, and what fell into the pause is gone.
 */
export interface Schedule {
  readonly name: string;
  readonly spec: ScheduleSpec;
  /** The sweep file as the operator wrote it. */
  readonly source: string;
  readonly fileName: string;
  readonly addedAtMs: number;
  readonly paused: { readonly reason: string; readonly atMs: number } | null;
  /** Every fire of the clock up to here is decided. */
  readonly decidedToMs: number;
  /** Fires that were missed and passed over. */
  readonly passed: number;
  /** Those that the history keeps, in the order of the log. */
  readonly fires: readonly Fire[];
  /** The sweep that every later one is compared with. */
  readonly baselineSweepId: string | null;
}

/** One time at which a schedule starts its sweep, and what became of it. */
export interface Fire {
  readonly fireAtMs: number;
  readonly sweepId: string;
  readonly by: "clock" | "operator";
  /** Null where its sweep is to start; else why it does not. */
  readonly skipped: string | null;
  readonly decidedAtMs: number;
  /** The coordinator that decided it starts it as well, unless it is gone. */
  readonly coordinatorId: string;
  /** Why its sweep could not start. */
  readonly notStarted: string | null;
  readonly conclusion: Conclusion | null;
  readonly notices: readonly Notice[];
}

/** What was found of a fire's sweep once it was over. */
export interface Conclusion {
  readonly outcome: "done" | "cancelled" | "not-started";
  readonly cells: number;
  readonly failedCells: number;
  readonly previous: ComparisonNote | null;
  readonly baseline: ComparisonNote | null;
  /** Cells whose level changed with this sweep or the one before: a change must hold for two. */
  readonly changedCells: number;
  /** Why something could not be compared; null where all was. */
  readonly problem: string | null;
  readonly atMs: number;
  readonly coordinatorId: string;
}

/** A comparison in short; `ratio` is new over old latency over all cells, above 1 is slower. */
export interface ComparisonNote {
  readonly sweepId: string;
  readonly outcome: string;
  readonly improved: number;
  readonly regressed: number;
  readonly same: number;
  readonly inconclusive: number;
  readonly ratio: number | null;
}

/** Whether a channel took the notification. */
export interface Notice {
  readonly channel: string;
  readonly delivered: boolean;
  readonly attempts: number;
}

/** Whether a person should look: something failed, became slower, or changed its level. */
export function needsAttention(conclusion: Conclusion): boolean {
  const { outcome, failedCells, changedCells, previous, baseline } = conclusion;
  const slower = [previous, baseline].some((note) => (note?.regressed ?? 0) > 0);
  return outcome !== "done" || failedCells > 0 || changedCells > 0 || slower;
}
