import type { Cell } from "./cell.ts";

/**
 * The axis that makes every visit of a canary a cell of its own: its value is the shard that the visit belongs to,
 * with the visit's number from its second on, so that no two visits of a sweep are equal, also where a shard moves to
 * another host.
 */
export const canaryAxis = "canary";

/** Launches of a canary on a host from which a drift can be told. */
export const fewestCanaryLaunches = 8;

/** Whether the cell is a visit of a canary, and no cell of the matrix. */
export function isCanary(cell: Cell): boolean {
  return Object.hasOwn(cell, canaryAxis);
}

/** What all visits of a canary measure. */
export function withoutCanary(cell: Cell): Cell {
  const { [canaryAxis]: _, ...rest } = cell;
  return rest;
}
