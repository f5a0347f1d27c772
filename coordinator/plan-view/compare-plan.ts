import type { Report } from "../analysis/report.ts";
import type { SweepOutline } from "../logic/plan-sweep.ts";

/** Cells that were planned or measured before, by id. */
export interface EarlierCells {
  readonly all: ReadonlySet<string>;
  /** Those with a figure that can be used again; null where only a plan is known, or ids alone. */
  readonly usable: ReadonlySet<string> | null;
}

/** How a plan relates to earlier cells: ids, each in the order of its source. */
export interface PlanComparison {
  /** Cells of the plan that the earlier ones do not have. */
  readonly fresh: readonly string[];
  /** Cells of the plan that were there before: the same work by the same runner. */
  readonly known: readonly string[];
  /** Those of the known whose figures can be used again; null where no figures are known. */
  readonly reusable: readonly string[] | null;
  /** Earlier cells that the plan no longer has. */
  readonly gone: readonly string[];
}

const idPattern = /"cell_?[iI]d"\s*:\s*"([0-9a-f]{20})"/g;

/** Every cell id in a plan or report that was written as JSON. */
export function readCellIds(json: string): EarlierCells {
  const all = new Set(Array.from(json.matchAll(idPattern), (match) => match[1] ?? ""));
  return { all, usable: null };
}

/**
 * The cells of a sweep's report. A figure can be used again where its verdict is not invalid; a smoke
 * run gives no verdict and so none that can.
 */
export function cellsOfReport({ rows, failed, missing }: Report): EarlierCells {
  const usable = rows.filter(
    ({ verdict: { status } }) => status === "valid" || status === "flagged",
  );
  return {
    all: new Set([...rows, ...failed, ...missing].map(({ cellId }) => cellId)),
    usable: new Set(usable.map(({ cellId }) => cellId)),
  };
}

/** Compares by cell id; hosts of one class that share a cell count it once. */
export function comparePlan(outline: SweepOutline, { all, usable }: EarlierCells): PlanComparison {
  const planned = new Set<string>();
  for (const host of outline.hosts) {
    for (const shard of host.shards()) for (const { cellId } of shard.cells) planned.add(cellId);
  }
  const known = [...planned].filter((cellId) => all.has(cellId));
  return {
    fresh: [...planned].filter((cellId) => !all.has(cellId)),
    known,
    reusable: usable === null ? null : known.filter((cellId) => usable.has(cellId)),
    gone: [...all].filter((cellId) => !planned.has(cellId)),
  };
}
