import type { Cell } from "../../../shared/domain/cell.ts";
import { groupBy } from "../../../shared/domain/group-by.ts";
import { combineEstimates } from "../../../shared/stats/combine-estimates.ts";
import {
  type ByLaunch,
  type LogEstimate,
  launchMean,
  logRatio,
} from "../../../shared/stats/log-estimate.ts";
import type { Scope } from "../findings.ts";
import type { Objective } from "../metric.ts";
import type { AnalysedCell } from "./analysed-cell.ts";
import type { PlacedCell } from "./select-cells.ts";

/** One cell on every host of a scope. */
export interface ScopedCell {
  readonly cell: Cell;
  readonly cellId: string;
  readonly hosts: readonly PlacedCell[];
}

/** Cells by what they are; one that not every host of the scope measured is left out. */
export function scopeCells(
  cells: readonly PlacedCell[],
  scope: Pick<Scope, "hostIds">,
): readonly ScopedCell[] {
  const measured = cells.filter(({ latencyNs }) => latencyNs.size > 0);
  return [...groupBy(measured, ({ cell }) => cell).values()].flatMap((hosts) => {
    const [first] = hosts;
    const complete = new Set(hosts.map(({ hostId }) => hostId)).size === scope.hostIds.length;
    return first === undefined || !complete
      ? []
      : [{ cell: first.cell, cellId: first.cellId, hosts }];
  });
}

/** What an objective compares: times or rates. */
export function valuesFor(objective: Objective, cell: AnalysedCell): ByLaunch {
  return objective === "latency" ? cell.latencyNs : cell.samplesPerSecond;
}

/** ln of the cell's figure: of one host over its launches, of a class over its hosts. */
export function figureOf(cell: ScopedCell, objective: Objective): LogEstimate | null {
  return over(cell.hosts.map((host) => launchMean(valuesFor(objective, host))));
}

/** ln(a/b): paired by launch on each host, then over hosts. */
export function ratioOf(a: ScopedCell, b: ScopedCell, objective: Objective): LogEstimate | null {
  const byHost = new Map(b.hosts.map((host) => [host.hostId, host]));
  return over(
    a.hosts.map((host) => {
      const other = byHost.get(host.hostId);
      if (other === undefined) return null;
      return logRatio(valuesFor(objective, host), valuesFor(objective, other));
    }),
  );
}

function over(estimates: readonly (LogEstimate | null)[]): LogEstimate | null {
  const known = estimates.filter((estimate) => estimate !== null);
  if (known.length < estimates.length) return null;
  const [only] = known;
  if (known.length === 1) return only ?? null;
  return combineEstimates(known)?.estimate ?? null;
}
