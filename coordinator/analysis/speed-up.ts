import { findAxis } from "../../shared/domain/axis.ts";
import { type Cell, canonicalCell, numberAxis } from "../../shared/domain/cell.ts";
import type { LaunchBounds } from "../../shared/stats/interval.ts";
import { toFigure, usableLaunches } from "./cell-figures.ts";
import type { Figure, Scaling } from "./report.ts";
import type { ReportCell } from "./report-input.ts";

/** Finds, for any cell, the one-core cell of the same work on the same host. */
export type FindBase = (cell: ReportCell) => ReportCell | undefined;

/** The axes of a cell that say what is computed, without those that say where. */
function workload(cell: Cell): string {
  const kept = Object.entries(cell).filter(([name]) => findAxis(name)?.kind !== "placement");
  return canonicalCell(Object.fromEntries(kept));
}

/** Memory far from the core, or two threads on it, would make the base slower and flatter the rest. */
function isBase({ cell }: ReportCell): boolean {
  return (
    numberAxis(cell, "cores") === 1 &&
    (cell["instances"] ?? 1) === 1 &&
    cell["smt"] !== "on" &&
    cell["placement"] !== "remote-memory"
  );
}

/** Of several bases that differ in placement, a cell gets the one that differs least from itself. */
export function indexBases(cells: readonly ReportCell[]): FindBase {
  const bases = new Map<string, ReportCell[]>();
  for (const cell of cells) {
    if (!isBase(cell)) continue;
    const key = `${cell.hostId}\n${workload(cell.cell)}`;
    bases.set(key, [...(bases.get(key) ?? []), cell]);
  }
  return (cell) => {
    const candidates = bases.get(`${cell.hostId}\n${workload(cell.cell)}`) ?? [];
    const distances = candidates.map((base) => countDifferences(base.cell, cell.cell));
    return candidates[distances.indexOf(Math.min(...distances))];
  };
}

function countDifferences(a: Cell, b: Cell): number {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].filter((name) => a[name] !== b[name]).length;
}

/**
 * Speed-up S = T(1)/T(c) and efficiency E = S/c against one core, each launch paired with the base's of
 * the same number: the launches of all cells interleave, so a pair shares the drift of its moment. `chosen`:
 * see `logInterval`.
 */
export function scaling(
  cell: ReportCell,
  findBase: FindBase,
  chosen: LaunchBounds | null = null,
): Scaling {
  const cores = numberAxis(cell.cell, "cores");
  if (cores === undefined) return { absent: "the cell has no number of cores" };
  if ((cell.cell["instances"] ?? 1) !== 1) return { absent: "several instances" };
  const base = findBase(cell);
  if (base === undefined) return { absent: "no cell with one core of the same work" };
  if (base.terminal === "failed" || base.terminal === "quarantined")
    return { absent: "the cell with one core failed" };
  const ratios = pairRatios(base, cell);
  if (ratios.length === 0) return { absent: "no launches of both cells can be used" };
  const speedUp: Figure = base === cell ? one : toFigure(ratios, chosen);
  const efficiency = divide(speedUp, cores);
  return { speedUp, efficiency, baseCellId: base.cellId, pairs: ratios.length };
}

/** A cell against itself: no measurement, so no uncertainty. */
const one: Figure = { value: 1, low: 1, high: 1, halfWidth: 0 };

function pairRatios(base: ReportCell, cell: ReportCell): number[] {
  const byLaunch = new Map(usableLaunches(base).map((launch) => [launch.launch, launch.medianNs]));
  return usableLaunches(cell).flatMap(({ launch, medianNs }) => {
    const baseNs = byLaunch.get(launch);
    return baseNs === undefined ? [] : [baseNs / medianNs];
  });
}

function divide(figure: Figure, by: number): Figure {
  return {
    value: figure.value / by,
    low: figure.low === null ? null : figure.low / by,
    high: figure.high === null ? null : figure.high / by,
    halfWidth: figure.halfWidth,
  };
}
