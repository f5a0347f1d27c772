import type { LogState } from "../../shared/domain/fold.ts";
import { isFireOver } from "../../shared/domain/fold-schedules.ts";
import { type Fire, needsAttention, type Schedule } from "../../shared/domain/schedule.ts";
import type { FireTimes } from "../logic/schedule/fire-times.ts";
import { toNote } from "./notification.ts";

/** The structure of a schedule as JSON; a change that breaks readers gets another number. */
const scheduleSchema = "fleetsweep-schedule/1";

/** A schedule as operators read it, with so many of its next fires. */
export function toScheduleDocument(
  state: LogState,
  schedule: Schedule,
  { times, nowMs, nextFires }: { times: FireTimes; nowMs: number; nextFires: number },
) {
  const { name, spec, fileName, source, addedAtMs, paused, passed, fires } = schedule;
  return {
    schema: scheduleSchema,
    name,
    state: paused === null ? "active" : "paused",
    paused_reason: paused?.reason ?? null,
    cron: spec.cron,
    time_zone: spec.timeZone,
    missed: spec.missed,
    overlap: spec.overlap,
    jitter_seconds: spec.jitterSeconds,
    maintenance: spec.maintenance,
    keep: spec.keep,
    start_within_minutes: spec.startWithinMinutes,
    file_name: fileName,
    source,
    added_at: toIso(addedAtMs),
    baseline_sweep_id: schedule.baselineSweepId,
    passed,
    next: paused === null ? nextOf(schedule, { times, nowMs, nextFires }) : [],
    fires: fires.map((fire) => toFireDocument(state, fire)),
  };
}

export type ScheduleDocument = ReturnType<typeof toScheduleDocument>;

function nextOf(
  { spec, decidedToMs }: Schedule,
  { times, nowMs, nextFires }: { times: FireTimes; nowMs: number; nextFires: number },
) {
  const next: { at: string; skipped: string | null }[] = [];
  let at = times.next(spec, Math.max(decidedToMs, nowMs));
  while (at !== null && next.length < nextFires) {
    const skipped = times.inMaintenance(spec, at) ? "in a maintenance window" : null;
    next.push({ at: toIso(at), skipped });
    at = times.next(spec, at);
  }
  return next;
}

function toFireDocument(state: LogState, fire: Fire) {
  const { sweepId, fireAtMs, by, skipped, notStarted, conclusion, notices } = fire;
  return {
    sweep_id: sweepId,
    fire_time: toIso(fireAtMs),
    by,
    state: stateOf(state, fire),
    reason: skipped ?? notStarted ?? state.sweeps.get(sweepId)?.cancelReason ?? null,
    conclusion:
      conclusion === null
        ? null
        : {
            attention: needsAttention(conclusion),
            cells: conclusion.cells,
            failed_cells: conclusion.failedCells,
            changed_cells: conclusion.changedCells,
            previous: toNote(conclusion.previous),
            baseline: toNote(conclusion.baseline),
            problem: conclusion.problem,
          },
    notices,
  };
}

function stateOf(state: LogState, fire: Fire): string {
  if (fire.skipped !== null) return "skipped";
  if (fire.notStarted !== null) return "not-started";
  const phase = state.sweeps.get(fire.sweepId)?.phase;
  if (isFireOver(state, fire)) return phase === "sealed" ? "done" : "cancelled";
  return phase === undefined ? "waiting" : "running";
}

function toIso(atMs: number): string {
  return new Date(atMs).toISOString().replace(/\.000Z$/, "Z");
}
