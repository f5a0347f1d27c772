import { blameFrom, noTrials, type Suspicion, speaksAgainstHost } from "./blame.ts";
import type { HostIgnoredReason, LogState } from "./fold.ts";
import { newHostRecord, suspect } from "./host-record.ts";
import type { CordonedEvent, UncordonedEvent } from "./log-event.ts";
import type { LaunchResult } from "./result.ts";

/**
 * What the log says of hosts. An operator cordons as they like; a coordinator only where the log itself
 * blames the host, so that no clock and no lost heartbeat ever takes one away.
 */
export function applyHostEvent(
  state: LogState,
  event: CordonedEvent | UncordonedEvent,
): HostIgnoredReason | null {
  const host = state.hosts.get(event.hostId) ?? newHostRecord(event.hostId);
  if (event.type === "uncordoned") {
    if (host.cordon === null) return "host-not-cordoned";
    state.hosts.set(event.hostId, newHostRecord(event.hostId));
    return null;
  }
  const { mode, by, reason } = event;
  if (by === "coordinator") {
    if (host.cordon !== null) return "host-cordoned";
    if (!isHostBlamed(state, event.hostId)) return "host-not-blamed";
  }
  state.hosts.set(event.hostId, { ...host, cordon: { mode, by, reason } });
  return null;
}

/** A cell ended as failed on a host, for a reason that may be the host's. */
export function applySuspicion(state: LogState, result: LaunchResult): void {
  const { hostId, sweepId, cellId, outcome } = result;
  const reason = outcome.type === "failed" ? outcome.reason : "";
  const host = state.hosts.get(hostId) ?? newHostRecord(hostId);
  state.hosts.set(hostId, suspect(host, { sweepId, cellId, reason }));
}

/** The failures that speak against the host, one a cell. */
export function evidenceAgainst(state: LogState, hostId: string): readonly Suspicion[] {
  const byCell = new Map<string, Suspicion>();
  for (const suspicion of state.hosts.get(hostId)?.suspicions ?? []) {
    const trials = state.sweeps.get(suspicion.sweepId)?.trials.get(suspicion.cellId) ?? noTrials;
    if (speaksAgainstHost(suspicion, trials)) byCell.set(suspicion.cellId, suspicion);
  }
  return [...byCell.values()];
}

export function isHostBlamed(state: LogState, hostId: string): boolean {
  return evidenceAgainst(state, hostId).length >= blameFrom.cells;
}
