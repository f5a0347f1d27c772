import type { CandidatesEvent, PlannedCell, PlannedEvent, TunedEvent } from "./log-event.ts";

/**
 * What a sweep that is a tune has beside its shards. Its trials are planned while it is open, each from
 * the candidates that stood in the log before it was submitted:
 *
 *     planning ──candidates, submitted──▶ open ──planned, planned …──▶ tuned ──▶ sealed
 */
export interface TuneFields {
  /** By part, as planned. */
  readonly candidates: ReadonlyMap<string, readonly PlannedCell[]>;
  readonly candidateIds: ReadonlySet<string>;
  /** Why no trial follows; null while trials may. */
  readonly tuned: string | null;
}

/** What these functions change of a sweep. */
interface TuningSweep {
  readonly phase: "planning" | "open" | "cancelled" | "sealed";
  readonly submitted: { readonly tune: unknown } | null;
  readonly candidates: Map<string, readonly PlannedCell[]>;
  readonly candidateIds: Set<string>;
  tuned: string | null;
}

export function applyCandidates(
  sweep: TuningSweep,
  event: CandidatesEvent,
): "already-submitted" | "already-planned" | null {
  if (sweep.phase !== "planning") return "already-submitted";
  if (sweep.candidates.has(event.shardId)) return "already-planned";
  sweep.candidates.set(event.shardId, event.cells);
  for (const { cellId } of event.cells) sweep.candidateIds.add(cellId);
  return null;
}

/** A shard that comes after the submission must be a trial of an open tune; null where it is. */
export function refuseLatePlan(
  { phase, submitted, tuned, candidateIds }: TuningSweep,
  { cells }: PlannedEvent,
): "already-submitted" | "sweep-not-open" | "no-candidate" | null {
  if (submitted === null || submitted.tune === null) return "already-submitted";
  if (phase !== "open" || tuned !== null) return "sweep-not-open";
  return cells.every(({ cellId }) => candidateIds.has(cellId)) ? null : "no-candidate";
}

export function applyTuned(
  sweep: TuningSweep | undefined,
  event: TunedEvent,
): "unknown-sweep" | "sweep-not-open" | null {
  if (sweep === undefined) return "unknown-sweep";
  if (sweep.phase !== "open" || (sweep.submitted?.tune ?? null) === null) return "sweep-not-open";
  sweep.tuned ??= event.reason;
  return null;
}
