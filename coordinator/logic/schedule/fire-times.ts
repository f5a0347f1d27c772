import type { Digest } from "../../../shared/domain/cell.ts";
import type { Schedule, ScheduleSpec } from "../../../shared/domain/schedule.ts";

/** When a schedule fires, in ms since 1970; a pure function of its arguments. */
export interface FireTimes {
  /** The first fire after a time; null where there is none any more. */
  next(spec: Pick<ScheduleSpec, "cron" | "timeZone">, afterMs: number): number | null;
  /** Whether a time lies in one of the schedule's maintenance windows. */
  inMaintenance(spec: ScheduleSpec, atMs: number): boolean;
}

/**
 * When a fire starts: its time and its jitter, which is the same whoever asks, and which never reaches
 * the next fire, so that the order of starts is that of the fires.
 */
export function startAtMs(
  { name, spec }: Pick<Schedule, "name" | "spec">,
  fireAtMs: number,
  { times, digest }: { readonly times: FireTimes; readonly digest: Digest },
): number {
  const widestMs = spec.jitterSeconds * 1_000;
  if (widestMs === 0) return fireAtMs;
  const gapMs = (times.next(spec, fireAtMs) ?? Number.POSITIVE_INFINITY) - fireAtMs;
  const roomMs = Math.min(widestMs + 1, gapMs);
  // 48 bits of the digest: far more than any jitter has milliseconds, and exact in a double.
  const random = Number.parseInt(digest(`${name}@${fireAtMs}`).slice(0, 12), 16) / 2 ** 48;
  return fireAtMs + Math.floor(random * roomMs);
}
