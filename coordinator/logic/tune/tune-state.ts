import type { Cell } from "../../../shared/domain/cell.ts";
import type { Sweep } from "../../../shared/domain/fold.ts";
import type { PlannedCell } from "../../../shared/domain/log-event.ts";
import type { CellProgress, CountedLaunch, Shard } from "../../../shared/domain/shard.ts";
import { type TunePlan, tuneShards } from "../../../shared/domain/tune.ts";

/** A tune as the log tells it. */
export interface TuneState {
  readonly sweepId: string;
  readonly plan: TunePlan;
  readonly candidates: readonly PlannedCell[];
  /** The untuned settings on each host. */
  readonly calibrations: readonly Trial[];
  /** In the order in which they were planned. */
  readonly trials: readonly Trial[];
  /** Why no trial follows; null while the tune goes on. */
  readonly ended: string | null;
}

/** One configuration on one host. */
export interface Trial {
  readonly shardId: string;
  readonly hostId: string;
  readonly cellId: string;
  readonly cell: Cell;
  readonly state: "running" | "ok" | "failed";
  readonly launches: readonly CountedLaunch[];
}

/** Null for a sweep that is no tune, or is not submitted. */
export function tuneState(sweep: Sweep): TuneState | null {
  const plan = sweep.submitted?.tune ?? null;
  if (plan === null) return null;
  const shards = [...sweep.shards.values()];
  const parts = [...sweep.candidates].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    sweepId: sweep.sweepId,
    plan,
    candidates: parts.flatMap(([, cells]) => cells),
    calibrations: trialsOf(shards, tuneShards.isCalibration),
    trials: trialsOf(shards, tuneShards.isTrial),
    ended: sweep.tuned,
  };
}

function trialsOf(shards: readonly Shard[], isWanted: (shardId: string) => boolean): Trial[] {
  return shards.flatMap(({ shardId, hostId, cells }) =>
    isWanted(shardId) ? [...cells.values()].map((cell) => toTrial(shardId, hostId, cell)) : [],
  );
}

function toTrial(shardId: string, hostId: string, progress: CellProgress): Trial {
  const { cellId, cell, launches, terminal } = progress;
  const state = terminal === null ? "running" : terminal === "ok" ? "ok" : "failed";
  return { shardId, hostId, cellId, cell, state, launches };
}
