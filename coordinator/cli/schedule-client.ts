import type { ChangeScheduleRequest } from "../../proto/gen/fleetsweep/v1/ChangeScheduleRequest.ts";
import type { ChangeScheduleResponse__Output } from "../../proto/gen/fleetsweep/v1/ChangeScheduleResponse.ts";
import type { ListSchedulesResponse__Output } from "../../proto/gen/fleetsweep/v1/ListSchedulesResponse.ts";
import { scheduleSpecSchema } from "../../shared/bus/schedule-schema.ts";
import { toWire } from "../../shared/bus/wire-object.ts";
import type { Io } from "../../shared/cli/command.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import type { MaintenanceWindow } from "../../shared/domain/schedule.ts";
import type { ScheduleDocument } from "../schedules/schedule-document.ts";
import { withOperator } from "./operator-client.ts";
import type { PlaceOptions } from "./state-place.ts";

/** The options of `schedule add` as commander gives them. */
export interface AddOptions extends PlaceOptions {
  readonly cron: string;
  readonly tz: string;
  readonly missed: string;
  readonly overlap: string;
  readonly jitter: string;
  readonly maintenance: readonly string[];
  readonly keep: string;
  readonly startWithin: string;
}

/**
 * The specification as it travels; its values are judged by the coordinator.
 * @throws FleetsweepError config.invalid for what is no duration or window.
 */
export function toSpecJson(options: AddOptions): string {
  const spec = {
    cron: options.cron,
    timeZone: options.tz,
    missed: options.missed,
    overlap: options.overlap,
    jitterSeconds: parseSeconds(options.jitter, "--jitter"),
    maintenance: options.maintenance.map(parseWindow),
    keep: Number(options.keep),
    startWithinMinutes: Math.ceil(parseSeconds(options.startWithin, "--start-within") / 60),
  };
  return JSON.stringify(toWire(scheduleSpecSchema)(spec));
}

/** `0 22 * * 6 for 4h` */
function parseWindow(text: string): MaintenanceWindow {
  const [, cron = "", duration = ""] = /^(.+) for (\S+)$/.exec(text.trim()) ?? [];
  if (cron !== "") {
    return { cron, minutes: Math.ceil(parseSeconds(duration, "--maintenance") / 60) };
  }
  const what = `"${text}" is no window; one is such as "0 22 * * 6 for 4h"`;
  throw new FleetsweepError("config.invalid", `--maintenance: ${what}`);
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** `90s`, `15m`, `4h`, `1d`, or a number of seconds. */
function parseSeconds(text: string, option: string): number {
  const [, number = "", unit = "s"] = /^(\d{1,9})([smhd])?$/.exec(text.trim()) ?? [];
  if (number !== "") return Number(number) * (unitSeconds[unit] ?? 1);
  throw new FleetsweepError("config.invalid", `${option}: "${text}" is not such as 90s, 15m or 4h`);
}

/** Changes a schedule; gives the sweep that was fired, or nothing. */
export async function changeSchedule(
  io: Io,
  options: PlaceOptions,
  request: ChangeScheduleRequest,
): Promise<string> {
  const { sweepId } = await withOperator(io, options, (operator) =>
    operator.ask<ChangeScheduleResponse__Output>((client, limits, answer) =>
      client.changeSchedule(request, limits, answer),
    ),
  );
  return sweepId;
}

/** All schedules, or the one that is named. @throws FleetsweepError schedule.not_found */
export async function fetchSchedules(
  io: Io,
  options: PlaceOptions,
  request: { readonly name: string; readonly nextFires: number },
): Promise<readonly ScheduleDocument[]> {
  const { scheduleJson } = await withOperator(io, options, (operator) =>
    operator.ask<ListSchedulesResponse__Output>((client, limits, answer) =>
      client.listSchedules(request, limits, answer),
    ),
  );
  return scheduleJson.map((json) => JSON.parse(json) as ScheduleDocument);
}
