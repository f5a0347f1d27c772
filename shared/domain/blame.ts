import { isLethal, mayPass } from "./failure-reason.ts";
import type { LaunchResult } from "./result.ts";

/**
 * Who is to blame for cells that failed although they were launched again. One failure tells nothing: a
 * cell is blamed only when it failed on two hosts and passed on none, and a host only for two cells.
 */
export interface CellTrials {
  /** Hosts on which the cell ended as failed, for a reason that may be the host's. */
  readonly failedOn: readonly string[];
  /** On how many hosts it ended as ok. */
  readonly okCount: number;
}

/** A failed cell that speaks against its host. */
export interface Suspicion {
  readonly sweepId: string;
  readonly cellId: string;
  readonly reason: string;
}

/** Hosts that must have failed before a cell is blamed, and cells before a host is. */
export const blameFrom = { hosts: 2, cells: 2 } as const;

export const noTrials: CellTrials = { failedOn: [], okCount: 0 };

/** The trials after a result that ended its cell; the same object where it says nothing of either. */
export function addTrial(trials: CellTrials, result: LaunchResult): CellTrials {
  const { terminal, outcome, hostId } = result;
  if (terminal === "ok") return { ...trials, okCount: trials.okCount + 1 };
  if (terminal !== "failed" || outcome.type !== "failed" || !mayPass(outcome.reason)) return trials;
  if (trials.failedOn.includes(hostId)) return trials;
  return { ...trials, failedOn: [...trials.failedOn, hostId] };
}

/** It failed wherever it was tried to its end, and that was on more than one host. */
export function isCellBlamed({ failedOn, okCount }: CellTrials): boolean {
  return failedOn.length >= blameFrom.hosts && okCount === 0;
}

/**
 * Whether the failure speaks against the host: the cell passed elsewhere, or it took the agent with it and
 * is not to blame itself.
 */
export function speaksAgainstHost({ reason }: Suspicion, trials: CellTrials): boolean {
  return trials.okCount > 0 || (isLethal(reason) && !isCellBlamed(trials));
}
