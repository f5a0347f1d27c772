import type { Digest } from "../../../shared/domain/cell.ts";
import type { LogState } from "../../../shared/domain/fold.ts";
import { isFireOver } from "../../../shared/domain/fold-schedules.ts";
import { type Schedule, scheduleLimits } from "../../../shared/domain/schedule.ts";
import { type FireTimes, startAtMs } from "./fire-times.ts";

/** What is to be written of a schedule's next fires. */
export type FireDecision =
  | { readonly type: "passed"; readonly toMs: number; readonly count: number }
  | { readonly type: "fired"; readonly fireAtMs: number; readonly skipped: string | null };

export interface DecidingTools {
  readonly times: FireTimes;
  readonly digest: Digest;
  /** Wall clock. */
  readonly nowMs: number;
}

export const fireLimits = {
  /** A fire that starts later than this was missed: no coordinator was there, or none had the log. */
  missedAfterMs: 5 * 60_000,
  /** Missed fires that `all` catches up with; older ones are passed. */
  caughtUp: 100,
  /** Fires that are looked at together; beyond, they are passed whatever the policy. */
  examined: 2_000,
} as const;

/** The next decision that is due; null where none is. Once it stands in the log there may be another. */
export function decideFire(
  state: LogState,
  schedule: Schedule,
  tools: DecidingTools,
): FireDecision | null {
  if (schedule.paused !== null) return null;
  const due = dueFires(schedule, tools);
  const last = due.at(-1);
  if (last === undefined) return null;
  if (due.length >= fireLimits.examined) {
    return { type: "passed", toMs: last, count: due.length };
  }
  const surplus = due.slice(0, passedOver(schedule, due, tools));
  const passedTo = surplus.at(-1);
  if (passedTo !== undefined) return { type: "passed", toMs: passedTo, count: surplus.length };
  const fireAtMs = due[0] ?? last;
  return { type: "fired", fireAtMs, skipped: whySkipped(state, schedule, { fireAtMs, tools }) };
}

function dueFires(schedule: Schedule, tools: DecidingTools): readonly number[] {
  const due: number[] = [];
  let at = tools.times.next(schedule.spec, schedule.decidedToMs);
  while (at !== null && due.length < fireLimits.examined) {
    if (startAtMs(schedule, at, tools) > tools.nowMs) break;
    due.push(at);
    at = tools.times.next(schedule.spec, at);
  }
  return due;
}

/** How many of the due fires, from the oldest, start nothing because they were missed. */
function passedOver(schedule: Schedule, due: readonly number[], tools: DecidingTools): number {
  const isMissed = (at: number): boolean =>
    tools.nowMs - startAtMs(schedule, at, tools) > fireLimits.missedAfterMs;
  const missed = due.filter(isMissed).length;
  switch (schedule.spec.missed) {
    case "skip":
      return missed;
    case "last":
      return Math.min(missed, due.length - 1);
    case "all":
      return Math.max(0, Math.min(missed, due.length - fireLimits.caughtUp));
  }
}

function whySkipped(
  state: LogState,
  schedule: Schedule,
  { fireAtMs, tools }: { readonly fireAtMs: number; readonly tools: DecidingTools },
): string | null {
  if (tools.times.inMaintenance(schedule.spec, fireAtMs)) return "in a maintenance window";
  return whyOverlapping(state, schedule);
}

/** Why another fire may not start or wait beside those that are not over; null where it may. */
export function whyOverlapping(state: LogState, schedule: Schedule): string | null {
  const open = schedule.fires.filter((fire) => !isFireOver(state, fire));
  const [first] = open;
  if (first === undefined) return null;
  switch (schedule.spec.overlap) {
    case "forbid":
      return `${first.sweepId} is not over`;
    case "queue":
      return open.length > scheduleLimits.waiting ? `${open.length - 1} fires wait already` : null;
    case "replace":
      return null;
  }
}
