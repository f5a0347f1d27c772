import { type Fire, needsAttention, type Schedule } from "../../shared/domain/schedule.ts";

/** The structure of a notification as JSON; a change that breaks readers gets another number. */
const notificationSchema = "fleetsweep-notification/1";

/** What a webhook gets as its body and a hook on its standard input. */
export function toNotification(
  schedule: Pick<Schedule, "name">,
  fire: Fire & { readonly conclusion: NonNullable<Fire["conclusion"]> },
): string {
  const { conclusion, sweepId, fireAtMs, by } = fire;
  return JSON.stringify({
    schema: notificationSchema,
    schedule: schedule.name,
    sweep_id: sweepId,
    fire_time: new Date(fireAtMs).toISOString(),
    by,
    attention: needsAttention(conclusion),
    outcome: conclusion.outcome,
    cells: conclusion.cells,
    failed_cells: conclusion.failedCells,
    changed_cells: conclusion.changedCells,
    previous: toNote(conclusion.previous),
    baseline: toNote(conclusion.baseline),
    problem: conclusion.problem,
  });
}

export function toNote(note: NonNullable<Fire["conclusion"]>["previous"]) {
  if (note === null) return null;
  const { sweepId, outcome, improved, regressed, same, inconclusive, ratio } = note;
  return { sweep_id: sweepId, outcome, improved, regressed, same, inconclusive, ratio };
}
