import type { ChangeScheduleRequest__Output } from "../../proto/gen/fleetsweep/v1/ChangeScheduleRequest.ts";
import type { OperatorServiceHandlers } from "../../proto/gen/fleetsweep/v1/OperatorService.ts";
import { unary } from "./unary.ts";

/** What operators ask of schedules. */
export interface ScheduleHub {
  /** The sweep that was fired, or nothing. @throws FleetsweepError schedule.not_found, config.invalid */
  change(request: ChangeScheduleRequest__Output): Promise<{ readonly sweepId: string }>;
  list(name: string, nextFires: number): readonly object[];
}

export function scheduleHandlers(
  hub: ScheduleHub,
): Pick<OperatorServiceHandlers, "ChangeSchedule" | "ListSchedules"> {
  return {
    ChangeSchedule: unary((request) => hub.change(request)),
    ListSchedules: unary(({ name, nextFires }) => ({
      scheduleJson: hub.list(name, nextFires).map((document) => JSON.stringify(document)),
    })),
  };
}
