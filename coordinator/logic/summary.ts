import type { Sweep } from "../../shared/domain/fold.ts";
import { type Method, precisionModes } from "../../shared/domain/method.ts";
import type { Shard, TerminalState } from "../../shared/domain/shard.ts";
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
  const cells = { total: 0, ok: 0, failed: 0, quarantined: 0, running: 0 };
  const hostIds = new Set<string>();
  let failedLaunches = 0;
  for (const shard of sweep.shards.values()) {
    const tally = tallyOf(shard, methodOf(sweep));
    cells.total += shard.cells.size;
    cells.ok += tally.ok;
    cells.failed += tally.failed;
    cells.quarantined += tally.quarantined;
    if (sweep.phase === "open" && shard.state === "granted") cells.running += shard.remaining;
    failedLaunches += tally.failedLaunches;
    hostIds.add(shard.hostId);
  }
  return {
    sweepId: sweep.sweepId,
    name: sweep.submitted?.name ?? "",
    state: displayStates[sweep.phase],
    submittedAtMs: sweep.submitted?.submittedAtMs ?? 0,
    cells,
    hostIds: sorted(sweep, hostIds),
    orphans: sweep.orphans,
    cancelReason: sweep.cancelReason,
    failedLaunches,
  };
}

/** By sweep, for hosts rarely change and who watches a large fleet asks four times a second. */
const sortedIds = new WeakMap<Sweep, readonly string[]>();

function sorted(sweep: Sweep, hostIds: ReadonlySet<string>): readonly string[] {
  const known = sortedIds.get(sweep) ?? [];
  if (known.length === hostIds.size && known.every((id) => hostIds.has(id))) return known;
  const ids = [...hostIds].sort();
  sortedIds.set(sweep, ids);
  return ids;
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

/** How far every host of the sweep is, by its id: one walk over the shards, however many hosts there are. */
export function worksByHost(sweep: Sweep): ReadonlyMap<string, HostWork> {
  const works = new Map<string, { -readonly [Field in keyof HostWork]: HostWork[Field] }>();
  for (const shard of sweep.shards.values()) {
    const work = works.get(shard.hostId) ?? { ...noWork };
    works.set(shard.hostId, work);
    const tally = tallyOf(shard, methodOf(sweep));
    work.failedLaunches += tally.failedLaunches;
    work.cellsTotal += shard.cells.size;
    work.cellsDone += shard.cells.size - shard.remaining;
    work.launchesDone += tally.launches;
    work.launchesNeeded += tally.launchesNeeded;
  }
  return works;
}

function methodOf({ submitted }: Sweep): Method {
  return submitted?.method ?? precisionModes.smoke;
}

const noWork: HostWork = {
  cellsDone: 0,
  cellsTotal: 0,
  launchesDone: 0,
  launchesNeeded: 0,
  failedLaunches: 0,
};

/** What the cells of a shard add up to. */
interface ShardTally extends Readonly<Record<TerminalState, number>> {
  readonly method: Method;
  readonly launches: number;
  readonly launchesNeeded: number;
  readonly failedLaunches: number;
}

/** A shard never changes, its next state is another object: who watches a sweep adds up what is new in it. */
const tallies = new WeakMap<Shard, ShardTally>();

function tallyOf(shard: Shard, method: Method): ShardTally {
  const known = tallies.get(shard);
  if (known?.method === method) return known;
  const tally = { ok: 0, failed: 0, quarantined: 0, launches: 0, launchesNeeded: 0 };
  let failedLaunches = 0;
  for (const { launches, terminal } of shard.cells.values()) {
    if (terminal !== null) tally[terminal] += 1;
    tally.launches += launches.length;
    tally.launchesNeeded +=
      terminal === null ? launchesExpected(launches, method) : launches.length;
    for (const { medianNs } of launches) if (medianNs === null) failedLaunches += 1;
  }
  const whole = { ...tally, failedLaunches, method };
  tallies.set(shard, whole);
  return whole;
}
