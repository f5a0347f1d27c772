import type { Assignment } from "../shared/domain/assignment.ts";
import type { Cell } from "../shared/domain/cell.ts";
import { type CpuSet, parseCpuList } from "../shared/domain/cpuset.ts";
import { resolvePlacement } from "../shared/domain/resolve-placement.ts";
import type { LaunchResult } from "../shared/domain/result.ts";
import type { Topology } from "../shared/domain/topology.ts";
import type { Lock } from "../shared/runtime/lock.ts";
import { startCellClock } from "./cell-clock.ts";
import type { KnobHost } from "./knobs/knob.ts";
import type { LaunchJournal } from "./link/launch-journal.ts";
import {
  applyOutcome,
  type LaunchOrder,
  makeLaunchOrder,
  type NextLaunch,
  nextLaunch,
} from "./logic/launch-order.ts";
import type { CellPhase, LaunchPlan, LaunchReport } from "./runner/launch-plan.ts";
import { planLaunch, toRefusedOutcome } from "./runner/plan-launch.ts";
import type { CatalogueEntry } from "./runners/catalogue-entry.ts";
import type { MeasureShard, ShardReporter } from "./shard-reporter.ts";

export interface MeasureDeps {
  readonly hostId: string;
  /** The host as it is at this moment. */
  readonly topology: () => Topology;
  readonly catalogue: readonly CatalogueEntry[];
  readonly knobHost: KnobHost;
  readonly randomId: () => string;
  readonly nowMs: () => number;
  /** A clock that never goes back, for how long things take. */
  readonly monotonicMs: () => number;
  /** The right to be the only one that measures on this machine; `onWait` hears who has it. */
  readonly lock: (onWait: (holder: string) => void, signal: AbortSignal) => Promise<Lock>;
  /** Resolves once other programs leave these CPUs alone, or it has been waited for long enough. */
  readonly waitForQuiet: (pus: CpuSet, signal: AbortSignal) => Promise<unknown>;
  readonly launch: (
    plan: LaunchPlan,
    watch: LaunchWatch,
    signal: AbortSignal,
  ) => Promise<LaunchReport>;
  readonly journal: LaunchJournal;
}

export interface LaunchWatch {
  /** Marks the processes of the launch. */
  readonly launchId: string;
  readonly onProgress: (cellId: string, phase: CellPhase) => void;
}

/** Runs launches until every cell of the assignment is terminal. */
export function shardMeasurer(deps: MeasureDeps): MeasureShard {
  return async (assignment, report, signal) => {
    const { cells, method, counted } = assignment;
    let order = makeLaunchOrder(cells, method, counted);
    for (;;) {
      const next = nextLaunch(order);
      if (next === "done" || signal.aborted || !report.goOn()) return;
      const ended = await runNext(next, { deps, assignment, report, signal });
      if (signal.aborted) return await deps.journal.end();
      const { results, after } = toResults(order, ended, { deps, assignment });
      await report.results(results);
      await deps.journal.end();
      order = after;
    }
  };
}

interface Running {
  readonly deps: MeasureDeps;
  readonly assignment: Assignment;
  readonly report: ShardReporter;
  readonly signal: AbortSignal;
}

/** What a launch found of a cell, and how long that took. */
type Ended = Pick<LaunchResult, "outcome" | "elapsedMs">;

async function runNext(
  next: NextLaunch,
  { deps, assignment, report, signal }: Running,
): Promise<ReadonlyMap<string, Ended>> {
  const plan = planOn(deps, next, assignment);
  if ("refused" in plan) {
    const refused = { outcome: toRefusedOutcome(plan), elapsedMs: 0 };
    return new Map(next.cells.map(({ cellId }) => [cellId, refused]));
  }
  const lock = await deps.lock(report.waiting, signal);
  report.waiting(null);
  try {
    // Behind the lock: another measurement of this host is over, and none begins meanwhile.
    if (assignment.method.noise === "wait") {
      await deps.waitForQuiet(parseCpuList(deps.topology().cpus.online).cpus, signal);
    }
    const launchId = deps.randomId();
    await deps.journal.begin({ launchId, ...toEntry(next, assignment) });
    const clock = startCellClock(deps.monotonicMs);
    const onProgress = (cellId: string, phase: CellPhase): void => {
      if (phase === "warming-up") deps.journal.reach(cellId);
      if (phase === "measured" || phase === "failed") clock.ended(cellId);
      report.progress(cellId, next.launchByCell.get(cellId) ?? 0, phase);
    };
    const { outcomes } = await deps.launch(plan, { launchId, onProgress }, signal);
    return new Map(
      [...outcomes].map(([cellId, outcome]) => [
        cellId,
        { outcome, elapsedMs: clock.elapsedMs(cellId) },
      ]),
    );
  } finally {
    await lock.release();
  }
}

function toEntry(next: NextLaunch, { sweepId, shardId, grantId }: Assignment) {
  const cells = next.cells.map(({ cellId }) => ({
    cellId,
    launch: next.launchByCell.get(cellId) ?? 1,
  }));
  return { sweepId, shardId, grantId, cells };
}

/** The launch as this host would run it, from the cells' axes alone: CPU sets never come by wire. */
function planOn(deps: MeasureDeps, next: NextLaunch, { method }: Assignment) {
  const cell: Cell = next.cells[0]?.cell ?? {};
  const placement = resolvePlacement(deps.topology(), cell);
  if ("refused" in placement) {
    return { refused: { code: "placement-invalid" as const, reason: placement.refused } };
  }
  const { catalogue, knobHost } = deps;
  const block = next.launchByCell.get(next.cells[0]?.cellId ?? "") ?? 1;
  return planLaunch({ cells: next.cells, placement, method, block, catalogue, knobHost });
}

/** Results in the order of the launch; a cell that the launch did not reach has none and comes again. */
function toResults(
  order: LaunchOrder,
  ended: ReadonlyMap<string, Ended>,
  { deps, assignment }: Pick<Running, "deps" | "assignment">,
): { results: LaunchResult[]; after: LaunchOrder } {
  const { sweepId, shardId, grantId } = assignment;
  const results: LaunchResult[] = [];
  let after = order;
  for (const [cellId, { outcome, elapsedMs }] of ended) {
    const step = applyOutcome(after, cellId, { outcome, elapsedMs });
    after = step.order;
    results.push({
      attemptId: deps.randomId(),
      sweepId,
      shardId,
      hostId: deps.hostId,
      grantId,
      cellId,
      launch: after.launches.get(cellId)?.at(-1)?.launch ?? 1,
      outcome,
      terminal: step.terminal,
      endedAtMs: deps.nowMs(),
      elapsedMs,
    });
  }
  return { results, after };
}
