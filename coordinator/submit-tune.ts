import type { Log } from "../shared/bus/log.ts";
import { FleetsweepError } from "../shared/domain/errors.ts";
import type { LogState } from "../shared/domain/fold.ts";
import type { LogEvent, SubmittedEvent } from "../shared/domain/log-event.ts";
import { defaultTune, type TuneSettings, tuneShards } from "../shared/domain/tune.ts";
import { sha256 } from "../shared/runtime/random-id.ts";
import type { Fleet } from "./fleet.ts";
import { maxShardCells } from "./logic/planning/make-shards.ts";
import { planTune } from "./logic/tune/plan-tune.ts";
import { tuneState } from "./logic/tune/tune-state.ts";
import { appendAll, connectedHosts, type SweepSource } from "./submit.ts";
import { parseSweepFile } from "./sweep-file/parse-sweep-file.ts";

export interface TuneSubmission {
  readonly sweepId: string;
  readonly source: SweepSource;
  /** What the operator gave beside the file. */
  readonly overrides: Partial<TuneSettings>;
  readonly nowMs: number;
}

/**
 * Writes a tune into the log: what it may choose from, the untuned settings as each host's first work,
 * then the event that starts it. Repeating it changes nothing.
 * @throws FleetsweepError sweep.invalid, sweep.unplaceable, sweep.not_found; bus.unavailable.
 */
export async function submitTune(
  { sweepId, source, overrides, nowMs }: TuneSubmission,
  { log, fleet, state }: { log: Log; fleet: Pick<Fleet, "all">; state: LogState },
): Promise<{ event: SubmittedEvent; seq: number }> {
  const spec = parseSweepFile(source.text, source.fileName);
  const settings = { ...defaultTune, ...spec.tune, ...overrides };
  refuseWarmStart(settings, state);
  const { plan, candidates, untuned } = planTune(spec, settings, connectedHosts(fleet), sha256);
  const parts = Math.ceil(candidates.length / maxShardCells);
  const offered = Array.from({ length: parts }, (_, part): LogEvent => {
    const cells = candidates.slice(part * maxShardCells, (part + 1) * maxShardCells);
    return { type: "candidates", sweepId, shardId: tuneShards.candidates(part + 1), cells };
  });
  const calibrations = plan.hostIds.map((hostId, host): LogEvent => {
    const shardId = tuneShards.calibration(host + 1);
    return { type: "planned", sweepId, shardId, hostId, movableTo: [], cells: [untuned] };
  });
  await appendAll(log, [...offered, ...calibrations]);
  const event: SubmittedEvent = {
    type: "submitted",
    sweepId,
    name: spec.name,
    shardCount: calibrations.length,
    cellCount: calibrations.length,
    method: spec.method,
    source: source.text,
    submittedAtMs: nowMs,
    tune: plan,
  };
  const [seq = 0] = await appendAll(log, [event]);
  return { event, seq };
}

function refuseWarmStart({ warmStart }: TuneSettings, state: LogState): void {
  if (warmStart === null) return;
  const sweep = state.sweeps.get(warmStart);
  const earlier = sweep === undefined ? null : tuneState(sweep);
  if (earlier === null) {
    throw new FleetsweepError("sweep.not_found", `warm_start: no tune has the id ${warmStart}`);
  }
  if (earlier.ended === null) {
    throw new FleetsweepError("sweep.invalid", `warm_start: the tune ${warmStart} still runs`);
  }
}
