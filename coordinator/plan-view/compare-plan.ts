import type { SweepOutline } from "../logic/plan-sweep.ts";

/** How a plan relates to cells that were planned or measured before. */
export interface PlanComparison {
  /** Cells of the plan that the earlier one does not have. */
  readonly fresh: number;
  /** Cells of the plan whose results could be used again: the same work by the same runner. */
  readonly known: number;
  /** Earlier cells that the plan no longer has. */
  readonly gone: number;
}

const idPattern = /"cell_?[iI]d"\s*:\s*"([0-9a-f]{20})"/g;

/** Every cell id in a plan or report that was written as JSON. */
export function readCellIds(json: string): ReadonlySet<string> {
  return new Set(Array.from(json.matchAll(idPattern), (match) => match[1] ?? ""));
}

/** Compares by cell id; hosts of one class that share a cell count it once. */
export function comparePlan(outline: SweepOutline, earlier: ReadonlySet<string>): PlanComparison {
  const planned = new Set<string>();
  for (const host of outline.hosts) {
    for (const shard of host.shards()) for (const { cellId } of shard.cells) planned.add(cellId);
  }
  let known = 0;
  for (const cellId of planned) if (earlier.has(cellId)) known += 1;
  return { fresh: planned.size - known, known, gone: earlier.size - known };
}
