import type { LogState } from "./fold.ts";
import type { PlannedEvent, SubmittedEvent } from "./log-event.ts";

/**
 * Plans of sweeps that several coordinators may plan at once, by sweep and plan. Each may see other hosts,
 * so their shards must not mix: the first plan that is submitted whole is the sweep.
 */
export type Drafts = Map<string, Map<string, Map<string, PlannedEvent>>>;

/** Keeps a shard of a draft; it becomes part of a sweep only with its submission. */
export function addToDraft(
  state: LogState,
  event: PlannedEvent,
  planId: string,
): "draft" | "already-planned" | "already-submitted" {
  if (state.sweeps.has(event.sweepId)) return "already-submitted";
  const plans = state.drafts.get(event.sweepId) ?? new Map<string, Map<string, PlannedEvent>>();
  const shards = plans.get(planId) ?? new Map<string, PlannedEvent>();
  if (shards.has(event.shardId)) return "already-planned";
  state.drafts.set(event.sweepId, plans.set(planId, shards.set(event.shardId, event)));
  return "draft";
}

/** The shards of the plan that was submitted, where the log has all of them; else null. */
export function takeDraft(
  state: LogState,
  { sweepId, shardCount }: SubmittedEvent,
  planId: string,
): readonly PlannedEvent[] | null {
  const shards = state.drafts.get(sweepId)?.get(planId);
  if (shards === undefined || shards.size !== shardCount) return null;
  state.drafts.delete(sweepId);
  return [...shards.values()];
}
