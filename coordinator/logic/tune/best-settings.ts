import type { Cell } from "../../../shared/domain/cell.ts";
import type { LogState } from "../../../shared/domain/fold.ts";
import type { Objective } from "../../../shared/domain/tune.ts";
import { displayed, trialValue } from "./trial-value.ts";
import type { SettingValue } from "./tune-report.ts";
import type { Trial } from "./tune-state.ts";

/** The best that any sweep or tune measured of a workload on a class of hosts. */
export interface BestSettings extends SettingValue {
  readonly hostClass: string;
  readonly hostId: string;
  readonly sweepId: string;
  readonly launches: number;
  /** For a shell, one line an instance. */
  readonly settings: readonly string[];
}

export interface BestQuery {
  /** Axes that must have these values, as text. */
  readonly workload: Readonly<Record<string, string>>;
  readonly objective: Objective;
  readonly classOf: (hostId: string) => string;
  readonly settingsOf: (hostId: string, cell: Cell) => readonly string[];
}

/**
 * For each class of hosts the cell with the best value, of those that were launched most often first: a
 * single launch that looks good does not beat a repeated one that is within a hundredth of it.
 */
export function bestSettings(state: LogState, query: BestQuery): readonly BestSettings[] {
  const best = new Map<string, Found>();
  for (const found of measuredCells(state, query)) {
    const hostClass = query.classOf(found.trial.hostId);
    const known = best.get(hostClass);
    if (known === undefined || isBetter(found, known)) best.set(hostClass, found);
  }
  return [...best].map(([hostClass, { trial, sweepId, cost, launches }]) => ({
    hostClass,
    hostId: trial.hostId,
    sweepId,
    launches,
    cell: trial.cell,
    values: [displayed(cost, query.objective)],
    settings: query.settingsOf(trial.hostId, trial.cell),
  }));
}

interface Found {
  readonly trial: Trial;
  readonly sweepId: string;
  readonly cost: number;
  readonly launches: number;
}

/** Within this factor the cell with more launches is the better known, and wins. */
const tie = 1.01;

function isBetter(a: Found, b: Found): boolean {
  if (a.cost * tie < b.cost) return true;
  return a.cost < b.cost * tie && a.launches > b.launches;
}

function* measuredCells(state: LogState, query: BestQuery): Generator<Found> {
  for (const { sweepId, shards } of state.sweeps.values()) {
    for (const { shardId, hostId, cells } of shards.values()) {
      for (const { cellId, cell, launches, terminal } of cells.values()) {
        if (terminal !== "ok" || !isOf(cell, query.workload)) continue;
        const trial: Trial = { shardId, hostId, cellId, cell, launches, state: "ok" };
        const value = trialValue(trial, query.objective);
        if (value !== null) yield { trial, sweepId, cost: value.value, launches: value.launches };
      }
    }
  }
}

function isOf(cell: Cell, workload: Readonly<Record<string, string>>): boolean {
  return Object.entries(workload).every(([name, value]) => String(cell[name]) === value);
}
