import type { Log } from "../shared/bus/log.ts";
import { FleetsweepError } from "../shared/domain/errors.ts";
import type { LogEvent, SubmittedEvent } from "../shared/domain/log-event.ts";
import { sha256 } from "../shared/runtime/random-id.ts";
import type { Fleet } from "./fleet.ts";
import { planSweep } from "./logic/plan-sweep.ts";
import type { PlanningHost, SweepPlan } from "./logic/sweep-plan.ts";
import { describeUnplaceable } from "./sweep-file/describe-unplaceable.ts";
import { parseSweepFile } from "./sweep-file/parse-sweep-file.ts";

/** A sweep file as its operator sent it. */
export interface SweepSource {
  readonly fileName: string;
  readonly text: string;
}

/**
 * Plans for every connected host.
 * @throws FleetsweepError sweep.invalid; sweep.unplaceable where no host can run any cell.
 */
export function planSource(source: SweepSource, fleet: Pick<Fleet, "all">): SweepPlan {
  const spec = parseSweepFile(source.text, source.fileName);
  const hosts = connectedHosts(fleet);
  const plan = planSweep(spec, hosts, sha256);
  if (plan.hosts.length > 0) return plan;
  const why =
    hosts.length === 0 ? "no host is connected" : describeUnplaceable(source, plan.unmatched);
  throw new FleetsweepError("sweep.unplaceable", why);
}

/** Whichever coordinator hears them: that one grants them what is planned here. */
export function connectedHosts(fleet: Pick<Fleet, "all">): readonly PlanningHost[] {
  return fleet.all().flatMap(({ connected, facts }) => (connected && facts !== null ? facts : []));
}

/** Events in flight to the log at once. */
const maxInFlight = 32;

/**
 * Writes the plan into the log: every shard, then the event that makes them work. Repeating it, after
 * a crash or a lost answer, changes nothing: the fold takes each shard and the submission once. With a
 * plan id several coordinators may do so at once, and the first whole plan is the sweep.
 * @throws FleetsweepError sweep.unplaceable where no host can run any cell; bus.unavailable.
 */
export async function submitPlan(
  plan: SweepPlan,
  submission: { sweepId: string; source: string; nowMs: number; planId?: string },
  log: Log,
): Promise<{ event: SubmittedEvent; seq: number }> {
  const { sweepId, planId } = submission;
  const shards = plan.hosts.flatMap(({ hostId, shards }) =>
    shards.map((shard) => ({ hostId, planId, ...shard })),
  );
  if (shards.length === 0) throw new FleetsweepError("sweep.unplaceable", "the plan has no cell");
  await appendAll(
    log,
    shards.map((shard): LogEvent => ({ type: "planned", sweepId, ...shard })),
  );
  const submitted: SubmittedEvent = {
    type: "submitted",
    sweepId,
    name: plan.name,
    shardCount: shards.length,
    cellCount: shards.reduce((count, { cells }) => count + cells.length, 0),
    method: plan.method,
    source: submission.source,
    submittedAtMs: submission.nowMs,
    tune: null,
    planId,
  };
  const [seq = 0] = await appendAll(log, [submitted]);
  return { event: submitted, seq };
}

/** Appends events of which a repetition is the same message, some at a time; their places in the log. */
export async function appendAll(log: Log, events: readonly LogEvent[]): Promise<number[]> {
  const places: number[] = [];
  for (let start = 0; start < events.length; start += maxInFlight) {
    const some = events.slice(start, start + maxInFlight);
    const appended = some.map((event) => {
      const what = "shardId" in event ? event.shardId : event.type;
      const plan = "planId" in event && event.planId !== undefined ? `.${event.planId}` : "";
      return log.append(event, { messageId: `${event.sweepId}${plan}.${what}` });
    });
    places.push(...(await Promise.all(appended)));
  }
  return places;
}
