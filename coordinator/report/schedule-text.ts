import { formatColumns } from "../../shared/cli/columns.ts";
import { printable } from "../../shared/domain/text-layout.ts";
import type { ScheduleDocument } from "../schedules/schedule-document.ts";

type FireDocument = ScheduleDocument["fires"][number];

/** Schedules in one line each. */
export function listSchedules(schedules: readonly ScheduleDocument[]): string {
  const rows = schedules.map(({ name, state, cron, time_zone, next, fires }) => [
    name,
    state,
    `${cron} ${time_zone}`,
    next[0]?.at ?? "-",
    showLast(fires.at(-1)),
  ]);
  return formatColumns([["SCHEDULE", "STATE", "FIRES", "NEXT (UTC)", "LAST"], ...rows]);
}

function showLast(fire: FireDocument | undefined): string {
  if (fire === undefined) return "-";
  return fire.conclusion?.attention === true ? `${fire.state} (!)` : fire.state;
}

/** Everything about one schedule, with its next fires in its own time zone and in UTC. */
export function showSchedule(schedule: ScheduleDocument): string {
  const { name, state, paused_reason, cron, time_zone, missed, overlap, baseline_sweep_id } =
    schedule;
  const why = paused_reason === null || paused_reason === "" ? "" : `: ${paused_reason}`;
  const windows = schedule.maintenance.map(({ cron, minutes }) => `"${cron}" for ${minutes} min`);
  const facts = [
    ["schedule", `${name}  ${state}${why}`],
    ["fires", `${cron}  in ${time_zone}`],
    ["sweep file", schedule.file_name],
    ["missed", `${missed}; ${schedule.passed} passed over so far`],
    ["overlap", overlap],
    ["jitter", schedule.jitter_seconds === 0 ? "none" : `up to ${schedule.jitter_seconds} s`],
    ["maintenance", windows.length === 0 ? "none" : windows.join(", ")],
    ["waits for hosts", `${schedule.start_within_minutes} min`],
    ["history", `${schedule.fires.length} of at most ${schedule.keep} fires`],
    ["baseline", baseline_sweep_id ?? "none"],
  ];
  const next = schedule.next.map(({ at, skipped }) => [at, toLocal(at, time_zone), skipped ?? ""]);
  const head = ["NEXT (UTC)", time_zone, ""];
  const tail = next.length === 0 ? "" : `\n${formatColumns([head, ...next])}`;
  return `${formatColumns(facts.map((row) => row.map(printable)))}${tail}`;
}

/** The fires of a schedule, the newest last, with what each was compared with. */
export function showFires({ fires }: ScheduleDocument): string {
  const rows = fires.map((fire) => [
    fire.sweep_id,
    fire.state,
    fire.conclusion === null
      ? "-"
      : `${fire.conclusion.cells - fire.conclusion.failed_cells}/${fire.conclusion.cells}`,
    showNote(fire.conclusion?.previous ?? null),
    showNote(fire.conclusion?.baseline ?? null),
    String(fire.conclusion?.changed_cells ?? "-"),
    printable(fire.reason ?? fire.conclusion?.problem ?? ""),
  ]);
  return formatColumns([
    ["SWEEP", "STATE", "OK", "VS PREVIOUS", "VS BASELINE", "CHANGED", "WHY"],
    ...rows,
  ]);
}

function showNote(note: NonNullable<FireDocument["conclusion"]>["previous"]): string {
  if (note === null) return "-";
  const percent = note.ratio === null ? "" : ` ${showPercent(note.ratio - 1)}`;
  return `${note.outcome}${percent}`;
}

function showPercent(share: number): string {
  return `${share < 0 ? "" : "+"}${(share * 100).toFixed(1)} %`;
}

function toLocal(at: string, timeZone: string): string {
  const options = { dateStyle: "medium", timeStyle: "short", hourCycle: "h23", timeZone } as const;
  return new Intl.DateTimeFormat("en-GB", options).format(new Date(at));
}
