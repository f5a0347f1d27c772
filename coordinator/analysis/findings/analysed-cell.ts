import type { Cell } from "../../../shared/domain/cell.ts";
import { groupBy } from "../../../shared/domain/group-by.ts";
import type { ByLaunch } from "../../../shared/stats/log-estimate.ts";
import { usableLaunches } from "../cell-figures.ts";
import type { ReportCell, ReportInput } from "../report-input.ts";
import { type CellLayout, layOutCells } from "./cell-layout.ts";
import { isPlacementAxis, isSettingAxis, isWorkloadAxis, onlyAxes } from "./split-cell.ts";

/** A cell with everything that metrics ask of it, worked out once. */
export interface AnalysedCell {
  readonly source: ReportCell;
  readonly hostId: string;
  readonly cellId: string;
  readonly cell: Cell;
  readonly workload: Cell;
  readonly setting: Cell;
  readonly placement: Cell;
  /** Null where the host does not say what its placements come to. */
  readonly layout: CellLayout | null;
  /** Of launches that may be used; empty for a failed cell. */
  readonly latencyNs: ByLaunch;
  readonly samplesPerSecond: ByLaunch;
}

/** Cells of one host that differ in placement only. */
export interface CellGroup {
  readonly hostId: string;
  readonly workload: Cell;
  readonly setting: Cell;
  readonly cells: readonly AnalysedCell[];
}

/** Every planned cell, in the order of the plan. */
export function analyseCells(input: ReportInput): readonly AnalysedCell[] {
  const layouts = new Map(input.hosts.map(({ hostId, cores }) => [hostId, layOutCells(cores)]));
  return input.cells.map((source) => {
    const { hostId, cellId, cell } = source;
    const launches = source.terminal === "failed" ? [] : usableLaunches(source);
    return {
      source,
      hostId,
      cellId,
      cell,
      workload: onlyAxes(cell, isWorkloadAxis),
      setting: onlyAxes(cell, isSettingAxis),
      placement: onlyAxes(cell, isPlacementAxis),
      layout: layouts.get(hostId)?.(cell) ?? null,
      latencyNs: new Map(launches.map(({ launch, medianNs }) => [launch, medianNs])),
      samplesPerSecond: new Map(
        launches
          .filter((launch) => launch.samplesPerSecond > 0)
          .map(({ launch, samplesPerSecond }) => [launch, samplesPerSecond]),
      ),
    };
  });
}

/** Groups by host, workload and setting, in the order of their first cells. */
export function groupCells(cells: readonly AnalysedCell[]): readonly CellGroup[] {
  return [...groupBy(cells, groupKey).values()].flatMap((members) => {
    const [first] = members;
    if (first === undefined) return [];
    const { hostId, workload, setting } = first;
    return [{ hostId, workload, setting, cells: members }];
  });
}

function groupKey({ hostId, workload, setting }: AnalysedCell): string {
  return JSON.stringify([hostId, workload, setting]);
}
