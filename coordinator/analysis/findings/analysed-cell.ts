import type { Cell } from "../../../shared/domain/cell.ts";
import { groupBy } from "../../../shared/domain/group-by.ts";
import { finishSteps, flatMapSteps, type Steps } from "../../../shared/domain/steps.ts";
import { isChosen, type LaunchBounds } from "../../../shared/stats/interval.ts";
import { type ByLaunch, byLaunch } from "../../../shared/stats/log-estimate.ts";
import { type MeasuredLaunch, usableLaunches } from "../cell-figures.ts";
import type { ReportCell, ReportInput } from "../report-input.ts";
import { type CellLayout, layOutPlacements } from "./cell-layout.ts";
import { isPlacementAxis, isSettingAxis, isWorkloadAxis, onlyAxes } from "./split-cell.ts";

/**
 * A cell with everything that metrics ask of it, worked out once. Of cells that were analysed together equal
 * cells, workloads, settings and placements are one object each, so that it can be a key.
 */
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
  return finishSteps(analysisSteps(input));
}

/** Cells that one step takes. */
export const cellsAStep = 5_000;

/** {@link analyseCells} in steps. */
export function* analysisSteps(
  input: Pick<ReportInput, "hosts" | "cells" | "sweep">,
): Steps<readonly AnalysedCell[]> {
  const layouts = new Map(
    input.hosts.map(({ hostId, cores }) => [hostId, layOutPlacements(cores)]),
  );
  const split = splitOnce();
  return yield* flatMapSteps(input.cells, cellsAStep, (source): [AnalysedCell] => {
    const { hostId, cellId } = source;
    const parts = split(source.cell);
    const launches = source.terminal === "failed" ? [] : usableLaunches(source);
    return [
      {
        source,
        hostId,
        cellId,
        ...parts,
        layout: layouts.get(hostId)?.(parts.placement) ?? null,
        ...valuesOf(launches, input.sweep.method),
      },
    ];
  });
}

function valuesOf(
  launches: readonly MeasuredLaunch[],
  method: LaunchBounds,
): Pick<AnalysedCell, "latencyNs" | "samplesPerSecond"> {
  const chosen = isChosen(launches.length, method);
  const latencies: [number, number][] = [];
  const rates: [number, number][] = [];
  for (const { launch, medianNs, samplesPerSecond } of launches) {
    latencies.push([launch, medianNs]);
    if (samplesPerSecond > 0) rates.push([launch, samplesPerSecond]);
  }
  return { latencyNs: byLaunch(latencies, chosen), samplesPerSecond: byLaunch(rates, chosen) };
}

type CellParts = Pick<AnalysedCell, "cell" | "workload" | "setting" | "placement">;

function splitOnce(): (cell: Cell) => CellParts {
  const known = new Map<Cell, CellParts>();
  const unique = new Map<string, Cell>();
  const share = (cell: Cell): Cell => {
    const text = JSON.stringify(cell);
    const found = unique.get(text);
    if (found === undefined) unique.set(text, cell);
    return found ?? cell;
  };
  return (source) => {
    const found = known.get(source);
    if (found !== undefined) return found;
    const parts = {
      cell: share(source),
      workload: share(onlyAxes(source, isWorkloadAxis)),
      setting: share(onlyAxes(source, isSettingAxis)),
      placement: share(onlyAxes(source, isPlacementAxis)),
    };
    known.set(source, parts);
    return parts;
  };
}

/** Groups by host, workload and setting, in the order of their first cells. */
export function groupCells(cells: readonly AnalysedCell[]): readonly CellGroup[] {
  const numberOf = numberObjects();
  const groupKey = ({ hostId, workload, setting }: AnalysedCell): string =>
    `${hostId} ${numberOf(workload)} ${numberOf(setting)}`;
  return [...groupBy(cells, groupKey).values()].flatMap((members) => {
    const [first] = members;
    if (first === undefined) return [];
    const { hostId, workload, setting } = first;
    return [{ hostId, workload, setting, cells: members }];
  });
}

/** Numbers by which objects can be parts of a text key. */
export function numberObjects(): (object: Cell) => number {
  const numbers = new Map<Cell, number>();
  return (object) => {
    const number = numbers.get(object) ?? numbers.size;
    numbers.set(object, number);
    return number;
  };
}
