import type { AnalysedCell, CellGroup } from "./analysed-cell.ts";
import type { CellLayout } from "./cell-layout.ts";

/** A cell whose place on its host is known. */
export interface PlacedCell extends AnalysedCell {
  readonly layout: CellLayout;
}

export function placedCells({ cells }: CellGroup): readonly PlacedCell[] {
  return cells.filter((cell): cell is PlacedCell => cell.layout !== null);
}

/** One thread a core, memory where it runs: what scaling over cores is about. */
export function isPlain({ layout }: PlacedCell): boolean {
  return !layout.smt && !layout.remoteMemory;
}

/** One instance inside one package. */
export function isInside({ layout }: PlacedCell): boolean {
  return layout.instances === 1 && layout.packages.length === 1;
}

/** One instance over several packages. */
export function isAcross({ layout }: PlacedCell): boolean {
  return layout.instances === 1 && layout.packages.length > 1;
}

/** Several instances that together use several packages, none of them crossing. */
export function isPerPackage({ layout }: PlacedCell): boolean {
  return layout.instances > 1 && layout.packages.length > 1 && layout.packagesPerInstance === 1;
}

const policies: readonly string[] = ["local", "bind", "preferred", "interleave"];

/**
 * Of cells that differ in memory policy, or in which package they use, the first that was measured in
 * the order: memory where it runs, then bound; the package that the planner takes by itself.
 */
export function pickPlain(cells: readonly PlacedCell[]): PlacedCell | undefined {
  const rank = ({ layout, cell, latencyNs }: PlacedCell): number =>
    (latencyNs.size === 0 ? 100 : 0) +
    policies.indexOf(layout.memoryPolicy) * 10 +
    (cell["socket"] === undefined ? 0 : 1);
  return [...cells].sort((a, b) => rank(a) - rank(b))[0];
}

/** The cell with the least geometric mean latency; undefined where none was measured. */
export function fastest(cells: readonly PlacedCell[]): PlacedCell | undefined {
  const scored = cells
    .map((cell) => ({ cell, mean: meanLog(cell.latencyNs) }))
    .filter(({ mean }) => !Number.isNaN(mean));
  return scored.sort((a, b) => a.mean - b.mean)[0]?.cell;
}

/** NaN for nothing. */
function meanLog(values: ReadonlyMap<number, number>): number {
  let sum = 0;
  for (const value of values.values()) sum += Math.log(value);
  return sum / values.size;
}
