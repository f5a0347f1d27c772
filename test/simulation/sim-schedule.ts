import type { Coordinator } from "../../coordinator/coordinator.ts";
import type { FireTimes } from "../../coordinator/logic/schedule/fire-times.ts";
import { type SweepPlan } from "../../coordinator/logic/sweep-plan.ts";
import { ScheduleKeeper } from "../../coordinator/schedules/schedule-keeper.ts";
import type { Log } from "../../shared/bus/log.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { fleetSweep, type LogEvent } from "../../shared/domain/log-event.ts";
import { precisionModes } from "../../shared/domain/method.ts";
import { sha256 } from "../../shared/runtime/random-id.ts";
import { emptySchedule } from "../../shared/testing/schedule-events.ts";
import { noopCells, plainHost } from "./sim-plan.ts";
import type { SimProcess } from "./sim-process.ts";
import type { World } from "./world.ts";

/** A schedule fires so often: some fires within the faults of a run. */
export const firePeriodMs = 15_000;
export const scheduleName = "often";

const times: FireTimes = {
  next: (_spec, afterMs) => (Math.floor(afterMs / firePeriodMs) + 1) * firePeriodMs,
  inMaintenance: () => false,
};

/** The event that makes the schedule of a run. */
export function makeSchedule({ chance }: World, atMs: number): LogEvent {
  const policies = chance.pick([
    { overlap: "forbid", missed: "skip" },
    { overlap: "forbid", missed: "last" },
    { overlap: "replace", missed: "last" },
    { overlap: "queue", missed: "all" },
  ] as const);
  const spec = { ...emptySchedule, ...policies, keep: 1_000, startWithinMinutes: 1 };
  const of = { sweepId: fleetSweep, schedule: scheduleName } as const;
  return { type: "scheduled", ...of, spec, source: "often", fileName: "often.yaml", atMs };
}

/** What fires schedules in a coordinator. Each sees other hosts at any moment, and sometimes none. */
export function simKeeper(
  world: World,
  { coordinator, log, process }: { coordinator: Coordinator; log: Log; process: SimProcess },
): ScheduleKeeper {
  const { chance, trace } = world;
  return new ScheduleKeeper({
    coordinator,
    log,
    plan: () => planFire(world),
    times,
    digest: sha256,
    logger: trace.logger(process.name),
    randomId: chance.id,
    coordinatorId: chance.id(),
    nowMs: process.nowMs,
    sleep: process.clock.sleep,
  });
}

function planFire({ chance, hostIds }: World): SweepPlan {
  const some = hostIds.filter(() => chance.odds(0.7));
  if (some.length === 0) throw new FleetsweepError("sweep.unplaceable", "no host is connected");
  const hosts = some.map((hostId) => {
    const cells = noopCells(chance.whole(1, 2), (number) => `fire-${number}`);
    const shards = [{ shardId: `${hostId}-1`, cells, movableTo: [] }];
    return { hostId, shards, ...plainHost };
  });
  return { name: "often", method: precisionModes.smoke, hosts, unmatched: [] };
}
