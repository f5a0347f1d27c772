import type { Log } from "../../shared/bus/log.ts";
import type { Logger } from "../../shared/runtime/logger.ts";
import { sha256 } from "../../shared/runtime/random-id.ts";
import type { Coordinator } from "../coordinator.ts";
import type { Fleet } from "../fleet.ts";
import type { Projection } from "../store/projection.ts";
import { planSource } from "../submit.ts";
import { makeCronTimes } from "./cron-times.ts";
import { deliver } from "./deliver.ts";
import { readChannels } from "./notification-config.ts";
import { ScheduleDesk } from "./schedule-desk.ts";
import { ScheduleKeeper } from "./schedule-keeper.ts";
import { ScheduleReporter } from "./schedule-reporter.ts";

export interface SchedulesOptions {
  readonly coordinator: Coordinator;
  readonly log: Log;
  readonly store: Projection;
  readonly fleet: Fleet;
  readonly logger: Logger;
  readonly randomId: () => string;
  readonly nowMs: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Aborts when the coordinator stops. */
  readonly signal: AbortSignal;
  /** File of the channels. */
  readonly notifications: string | undefined;
}

/** The schedules of one coordinator: what fires and reports them, and what operators ask. */
export interface Schedules {
  readonly desk: ScheduleDesk;
  /** Runs until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
}

/** @throws FleetsweepError config.invalid for a file of channels that cannot be used. */
export async function openSchedules(options: SchedulesOptions): Promise<Schedules> {
  const { fleet, notifications, ...deps } = options;
  const channels = await readChannels(notifications);
  const shared = { ...deps, times: makeCronTimes(), coordinatorId: deps.randomId() };
  const plan = (source: Parameters<typeof planSource>[0]) => planSource(source, fleet);
  const keeper = new ScheduleKeeper({ ...shared, plan, digest: sha256 });
  const reporter = new ScheduleReporter({ ...shared, channels, deliver, random: Math.random });
  return {
    desk: new ScheduleDesk(shared),
    run: async (signal) => {
      try {
        await Promise.race([keeper.run(signal), reporter.run(signal)]);
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
  };
}
