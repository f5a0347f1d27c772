import { findAxis } from "../../../shared/domain/axis.ts";
import type { AxisValue, Cell } from "../../../shared/domain/cell.ts";

/** Axes that say where a cell runs. */
export function isPlacementAxis(name: string): boolean {
  return findAxis(name)?.kind === "placement";
}

/** Axes that change how the same work is done: the knobs, the number format, and what only a runner declares. */
export function isSettingAxis(name: string): boolean {
  const axis = findAxis(name);
  return axis === undefined || axis.kind === "knob" || name === "dtype";
}

/** Axes that say what is computed: all that is neither placement nor setting. */
export function isWorkloadAxis(name: string): boolean {
  return !isPlacementAxis(name) && !isSettingAxis(name);
}

/** The cell with only the axes that pass, in the order of their names. */
export function onlyAxes(cell: Cell, keep: (name: string) => boolean): Cell {
  const kept: [string, AxisValue][] = Object.entries(cell).filter(([name]) => keep(name));
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
}
