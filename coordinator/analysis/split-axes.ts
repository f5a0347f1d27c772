import { axes } from "../../shared/domain/axis.ts";
import type { AxisValue, Cell } from "../../shared/domain/cell.ts";

/**
 * Axes with one value everywhere, and the names of the others: first what is computed, then where, so
 * that the placements of one workload stand under each other.
 */
export function splitAxes(cells: readonly Cell[]): { constants: Cell; varying: readonly string[] } {
  const names = [...new Set(cells.flatMap((cell) => Object.keys(cell)))].sort(compareAxes);
  const constants: Record<string, AxisValue> = {};
  const varying: string[] = [];
  for (const name of names) {
    const values = new Set(cells.map((cell) => cell[name]));
    const [value] = values;
    if (values.size === 1 && value !== undefined) constants[name] = value;
    else varying.push(name);
  }
  return { constants, varying };
}

/** Placements last; within each part the order of the registry, then the axes of one runner by name. */
function compareAxes(a: string, b: string): number {
  return axisRank(a) - axisRank(b) || (a < b ? -1 : 1);
}

function axisRank(name: string): number {
  const index = axes.findIndex((axis) => axis.name === name);
  if (index < 0) return axes.length;
  return axes[index]?.kind === "placement" ? axes.length + 1 + index : index;
}

/** Orders cells by the axes in turn: numbers by size, words as they first came; absent ones first. */
export function compareCells(axes: readonly string[], cells: readonly Cell[]) {
  const ranks = axes.map((name) => ({ name, rank: rankValues(cells.map((cell) => cell[name])) }));
  return (a: Cell, b: Cell): number => {
    for (const { name, rank } of ranks) {
      const difference = rank(a[name]) - rank(b[name]);
      if (difference !== 0) return difference;
    }
    return 0;
  };
}

function rankValues(values: readonly (AxisValue | undefined)[]) {
  const words = [...new Set(values.filter((value) => typeof value !== "number"))];
  return (value: AxisValue | undefined): number => {
    if (value === undefined) return Number.MIN_SAFE_INTEGER;
    // Words stand behind all numbers: `all` is more than any count.
    return typeof value === "number" ? value : Number.MAX_SAFE_INTEGER + 2 * words.indexOf(value);
  };
}
