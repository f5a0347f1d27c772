import type { LogState } from "../../shared/domain/fold.ts";
import type { Proposal } from "./decide-hosts.ts";

interface OverdueSweep {
  readonly sweepId: string;
  /** For people: the limit, and that it was one. */
  readonly reason: string;
}

/**
 * Open sweeps that are as old as their method allows, or older. `nowMs` and the time of submission are
 * both coordinators' wall clocks.
 */
export function overdueSweeps({ sweeps }: LogState, nowMs: number): readonly OverdueSweep[] {
  const overdue: OverdueSweep[] = [];
  for (const { sweepId, phase, submitted } of sweeps.values()) {
    const limit = submitted?.method.maxSweepSeconds ?? null;
    if (phase !== "open" || submitted === null || limit === null) continue;
    if (nowMs - submitted.submittedAtMs < limit * 1_000) continue;
    const reason = `the sweep was not done within its max_sweep_seconds of ${limit} s`;
    overdue.push({ sweepId, reason });
  }
  return overdue;
}

export function toCancellation({ sweepId, reason }: OverdueSweep): Proposal {
  return { event: { type: "cancelled", sweepId, reason }, key: `cancel.${sweepId}` };
}
