import type { LogState } from "../../../shared/domain/fold.ts";
import { isFireOver } from "../../../shared/domain/fold-schedules.ts";
import type { Fire, Schedule } from "../../../shared/domain/schedule.ts";

/** The fire whose sweep is to be submitted: the first that is not over, where it has no sweep yet. */
export function fireToStart(state: LogState, schedule: Schedule): Fire | null {
  const first = schedule.fires.find((fire) => !isFireOver(state, fire));
  return first === undefined || state.sweeps.has(first.sweepId) ? null : first;
}

/** Fires that a later one takes the place of, the oldest first. */
export function replacedFires(state: LogState, schedule: Schedule): readonly Fire[] {
  if (schedule.spec.overlap !== "replace") return [];
  return schedule.fires.filter((fire) => !isFireOver(state, fire)).slice(0, -1);
}

/** Fires that are over and of which nothing was said yet, the oldest first. */
export function firesToConclude(state: LogState, schedule: Schedule): readonly Fire[] {
  return schedule.fires.filter(
    (fire) => fire.skipped === null && fire.conclusion === null && isFireOver(state, fire),
  );
}

/** The sweep before a fire's that has results, as far as the history goes back; null for none. */
export function previousSweep(state: LogState, schedule: Schedule, fire: Fire): string | null {
  const at = schedule.fires.findIndex(({ sweepId }) => sweepId === fire.sweepId);
  const before = schedule.fires
    .slice(0, Math.max(0, at))
    .findLast(({ sweepId }) => state.sweeps.get(sweepId)?.phase === "sealed");
  return before?.sweepId ?? null;
}
