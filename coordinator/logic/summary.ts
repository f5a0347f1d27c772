import type { Sweep } from "../../shared/domain/fold.ts";
import { precisionModes } from "../../shared/domain/method.ts";
import type { Shard } from "../../shared/domain/shard.ts";
import { launchesExpected } from "./launches-expected.ts";

/** A sweep in one line. */
export interface SweepSummary {
  readonly sweepId: string;
  readonly name: string;
  readonly state: SweepDisplayState;
  readonly submittedAtMs: number;
  readonly cells: CellCounts;
  readonly hostIds: readonly string[];
  readonly orphans: number;
  /** Null where the sweep was not cancelled. */
  readonly cancelReason: string | null;
  /** Launches that count as failed. */
  readonly failedLaunches: number;
}

/** `submitting`: its shards are being written; `done`: every planned cell is terminal. */
export type SweepDisplayState = "submitting" | "running" | "done" | "cancelled";

export interface CellCounts {
  readonly total: number;
  readonly ok: number;
  readonly failed: number;
  readonly quarantined: number;
  /** Cells of shards that some host works on. */
  readonly running: number;
}

/** What operators read for each phase. */
export const displayStates = {
  planning: "submitting",
  open: "running",
  sealed: "done",
  cancelled: "cancelled",
} as const satisfies Record<Sweep["phase"], SweepDisplayState>;

export function summarizeSweep(sweep: Sweep): SweepSummary {
  const shards = [...sweep.shards.values()];
  return {
    sweepId: sweep.sweepId,
    name: sweep.submitted?.name ?? "",
    state: displayStates[sweep.phase],
    submittedAtMs: sweep.submitted?.submittedAtMs ?? 0,
    cells: countCells(shards, sweep.phase),
    hostIds: [...new Set(shards.map(({ hostId }) => hostId))].sort(),
    orphans: sweep.orphans,
    cancelReason: sweep.cancelReason,
    failedLaunches: shards.reduce((sum, shard) => sum + countFailedLaunches(shard), 0),
  };
}

/** How far one host is. */
export interface HostWork {
  readonly cellsDone: number;
  readonly cellsTotal: number;
  /** Launches that count, of those that the method and the scatter so far make likely. */
  readonly launchesDone: number;
  readonly launchesNeeded: number;
  readonly failedLaunches: number;
}

export function hostWork(sweep: Sweep, hostId: string): HostWork {
  const method = sweep.submitted?.method ?? precisionModes.smoke;
  const work = {
    cellsDone: 0,
    cellsTotal: 0,
    launchesDone: 0,
    launchesNeeded: 0,
    failedLaunches: 0,
  };
  for (const shard of sweep.shards.values()) {
    if (shard.hostId !== hostId) continue;
    work.failedLaunches += countFailedLaunches(shard);
    work.cellsTotal += shard.cells.size;
    work.cellsDone += shard.cells.size - shard.remaining;
    for (const { launches, terminal } of shard.cells.values()) {
      work.launchesDone += launches.length;
      work.launchesNeeded +=
        terminal === null ? launchesExpected(launches, method) : launches.length;
    }
  }
  return work;
}

function countFailedLaunches({ cells }: Shard): number {
  let failed = 0;
  for (const { launches } of cells.values()) {
    for (const { medianNs } of launches) if (medianNs === null) failed += 1;
  }
  return failed;
}

function countCells(shards: readonly Shard[], phase: Sweep["phase"]): CellCounts {
  const counts = { total: 0, ok: 0, failed: 0, quarantined: 0, running: 0 };
  for (const shard of shards) {
    counts.total += shard.cells.size;
    if (phase === "open" && shard.state === "granted") counts.running += shard.remaining;
    for (const { terminal } of shard.cells.values()) if (terminal !== null) counts[terminal] += 1;
  }
  return counts;
}
