import { Cron } from "croner";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import type { ScheduleSpec } from "../../shared/domain/schedule.ts";
import type { FireTimes } from "../logic/schedule/fire-times.ts";

/** Parsed patterns that are kept. */
const maxPatterns = 4_096;

/**
 * Fire times by croner. Where a clock goes forward over a fire it comes as soon as that hour is over; where
 * a clock goes back, a fire at a fixed time comes the first time only, and `*` and steps go on through both.
 */
export function makeCronTimes(): FireTimes {
  const known = new Map<string, Cron>();
  const patternOf = (cron: string, timeZone: string): Cron => {
    const key = `${timeZone} ${cron}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    if (known.size >= maxPatterns) known.clear();
    const made = new Cron(cron, { timezone: timeZone, mode: "5-part", paused: true });
    known.set(key, made);
    return made;
  };
  const next = (cron: string, timeZone: string, afterMs: number): number | null => {
    const found = patternOf(cron, timeZone).nextRun(new Date(afterMs))?.getTime() ?? null;
    // A fire that does not lie in the future would be decided for ever.
    return found !== null && found > afterMs ? found : null;
  };
  return {
    next: ({ cron, timeZone }, afterMs) => next(cron, timeZone, afterMs),
    inMaintenance: ({ maintenance, timeZone }, atMs) =>
      maintenance.some(({ cron, minutes }) => {
        const begin = next(cron, timeZone, atMs - minutes * 60_000);
        return begin !== null && begin <= atMs;
      }),
  };
}

/** @throws FleetsweepError config.invalid where a pattern or the time zone is none, or never fires. */
export function checkFireTimes(spec: ScheduleSpec, nowMs: number, times: FireTimes): void {
  const patterns = [spec.cron, ...spec.maintenance.map(({ cron }) => cron)];
  checkTimeZone(spec.timeZone);
  for (const cron of patterns) {
    if (firstFire(cron, spec.timeZone, { nowMs, times }) !== null) continue;
    throw new FleetsweepError("config.invalid", `"${cron}" never fires in ${spec.timeZone}`);
  }
  if (spec.missed === "all" && spec.overlap !== "queue") {
    const what = `with --overlap ${spec.overlap} only one of the missed fires could run`;
    throw new FleetsweepError("config.invalid", `${what}: --missed all needs --overlap queue`);
  }
}

function firstFire(
  cron: string,
  timeZone: string,
  { nowMs, times }: { readonly nowMs: number; readonly times: FireTimes },
): number | null {
  try {
    return times.next({ cron, timeZone }, nowMs);
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    const why = found.replace(/^CronPattern: /, "");
    throw new FleetsweepError("config.invalid", `"${cron}" is no cron pattern: ${why}`, { cause });
  }
}

function checkTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
  } catch (cause) {
    const what = `"${timeZone}" is no time zone; names are such as Europe/Paris or UTC`;
    throw new FleetsweepError("config.invalid", what, { cause });
  }
}

/** `<schedule>@<fire time UTC>`: whoever fires it, and however often, it is one sweep. */
export function firedSweepId(schedule: string, fireAtMs: number): string {
  return `${schedule}@${new Date(fireAtMs).toISOString().replace(/\.\d+Z$/, "Z")}`;
}
