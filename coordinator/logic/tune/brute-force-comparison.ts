import { canonicalCell } from "../../../shared/domain/cell.ts";
import type { LogState, Sweep } from "../../../shared/domain/fold.ts";
import type { PlannedCell } from "../../../shared/domain/log-event.ts";
import { displayed, trialValue } from "./trial-value.ts";
import type { BruteForceComparison } from "./tune-report.ts";
import type { Trial, TuneState } from "./tune-state.ts";

/**
 * The recommendation in the eyes of a sweep or tune that measured every configuration on one of the
 * tune's hosts: the latest such. Null where there is none.
 */
export function bruteForceIn(
  tune: TuneState,
  recommended: PlannedCell,
  state: LogState,
): BruteForceComparison | null {
  const sweeps = [...state.sweeps.values()].reverse();
  for (const sweep of sweeps) {
    if (sweep.sweepId === tune.sweepId || sweep.phase !== "sealed") continue;
    const found = compareWith(sweep, tune, recommended);
    if (found !== null) return found;
  }
  return null;
}

function compareWith(
  sweep: Sweep,
  tune: TuneState,
  recommended: PlannedCell,
): BruteForceComparison | null {
  const [objective = "latency"] = tune.plan.settings.objectives;
  for (const hostId of tune.plan.hostIds) {
    const measured = cellsOf(sweep, hostId);
    const wanted = tune.candidates.map(({ cell }) => measured.get(canonicalCell(cell)));
    if (wanted.some((trial) => trial === undefined)) continue;
    const costs = wanted.flatMap((trial) => {
      const found = trial === undefined ? null : trialValue(trial, objective);
      return trial === undefined || found === null ? [] : [{ trial, cost: found.value }];
    });
    const own = costs.find(
      ({ trial }) => canonicalCell(trial.cell) === canonicalCell(recommended.cell),
    );
    const best = costs.reduce(
      (low, some) => (some.cost < low.cost ? some : low),
      costs[0] ?? nothing,
    );
    if (own === undefined || best.trial === null) continue;
    return {
      sweepId: sweep.sweepId,
      trials: wanted.length,
      usable: costs.length,
      best: { cell: best.trial.cell, values: [displayed(best.cost, objective)] },
      gap: own.cost / best.cost - 1,
    };
  }
  return null;
}

const nothing = { trial: null, cost: Number.POSITIVE_INFINITY } as const;

function cellsOf(sweep: Sweep, wantedHost: string): ReadonlyMap<string, Trial> {
  const cells = new Map<string, Trial>();
  for (const { shardId, hostId, cells: progress } of sweep.shards.values()) {
    if (hostId !== wantedHost) continue;
    for (const { cellId, cell, launches, terminal } of progress.values()) {
      if (terminal === null) continue;
      const state = terminal === "ok" ? "ok" : "failed";
      cells.set(canonicalCell(cell), { shardId, hostId, cellId, cell, state, launches });
    }
  }
  return cells;
}
