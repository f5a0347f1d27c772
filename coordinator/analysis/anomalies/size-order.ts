import { type Cell, numberAxis } from "../../../shared/domain/cell.ts";
import { groupBy } from "../../../shared/domain/group-by.ts";
import { bounds, logRatio } from "../../../shared/stats/log-estimate.ts";
import type { AnalysedCell } from "../findings/analysed-cell.ts";
import type { Anomaly } from "../findings.ts";

/** A smaller problem that took longer than a larger one. */
export interface SizeViolation {
  readonly smaller: AnalysedCell;
  readonly larger: AnalysedCell;
  /** T(smaller)/T(larger), above 1. */
  readonly ratio: number;
}

const limits = {
  /** Beyond this a smaller problem is slower, not just as slow: steps of blocking give a few percent. */
  share: 0.1,
  /** More shapes are compared with their neighbours only. */
  shapes: 300,
} as const;

/**
 * Pairs of cells that differ in batch size and sequence length only, where the one that is not larger
 * in either is over 10 % slower, with its whole interval where there is one.
 */
export function sizeViolations(cells: readonly AnalysedCell[]): readonly SizeViolation[] {
  const measured = cells.filter(({ latencyNs }) => latencyNs.size > 0);
  return [...groupBy(measured, shapelessKey).values()].flatMap((members) => {
    const sorted = [...members].sort(
      (a, b) => lengthOf(a.cell) - lengthOf(b.cell) || batchOf(a.cell) - batchOf(b.cell),
    );
    if (sorted.length > limits.shapes)
      return neighbours(sorted).flatMap(([a, b]) => violation(a, b));
    return sorted.flatMap((a) =>
      sorted.flatMap((b) => (a !== b && isNotLarger(a.cell, b.cell) ? violation(a, b) : [])),
    );
  });
}

/** A cell's score is the sum of ln(ratio) over its violations, on either side. */
export function scoreCells(
  violations: readonly SizeViolation[],
): ReadonlyMap<AnalysedCell, number> {
  const scores = new Map<AnalysedCell, number>();
  for (const { smaller, larger, ratio } of violations) {
    for (const cell of [smaller, larger]) {
      scores.set(cell, (scores.get(cell) ?? 0) + Math.log(ratio));
    }
  }
  return scores;
}

/**
 * The cells to suspect, the worst first: the one with the highest score is named and its violations are
 * taken out, until none is left.
 */
export function suspects(violations: readonly SizeViolation[]): readonly {
  readonly cell: AnalysedCell;
  readonly score: number;
  readonly because: readonly SizeViolation[];
}[] {
  const found = [];
  for (let left = violations; left.length > 0; ) {
    const [worst] = [...scoreCells(left)].sort(([, a], [, b]) => b - a);
    if (worst === undefined) break;
    const [cell, score] = worst;
    const because = left.filter(({ smaller, larger }) => smaller === cell || larger === cell);
    found.push({ cell, score, because });
    left = left.filter((violation) => !because.includes(violation));
  }
  return found;
}

export function findSizeAnomalies(cells: readonly AnalysedCell[]): readonly Anomaly[] {
  return suspects(sizeViolations(cells)).map(({ cell, score, because }) => {
    const [first] = because;
    const example =
      first === undefined
        ? ""
        : `: ${shapeOf(first.smaller.cell)} took ${first.ratio.toPrecision(3)} times as long as ${shapeOf(first.larger.cell)}`;
    const count =
      because.length === 1 ? "one larger or smaller problem" : `${because.length} others`;
    return {
      kind: "non-monotone",
      hostId: cell.hostId,
      cellIds: [
        cell.cellId,
        ...because.flatMap(({ smaller, larger }) => [smaller.cellId, larger.cellId]),
      ].filter((id, index, all) => all.indexOf(id) === index),
      message: `${shapeOf(cell.cell)} is out of order with ${count}${example}`,
      score,
    };
  });
}

function shapelessKey({ hostId, cell }: AnalysedCell): string {
  const { batch_size: _, sequence_length: __, ...rest } = cell;
  return JSON.stringify([hostId, rest]);
}

function batchOf(cell: Cell): number {
  return numberAxis(cell, "batch_size") ?? 1;
}

function lengthOf(cell: Cell): number {
  return numberAxis(cell, "sequence_length") ?? 0;
}

function isNotLarger(a: Cell, b: Cell): boolean {
  return batchOf(a) <= batchOf(b) && lengthOf(a) <= lengthOf(b);
}

/** Next batch size at the same length, next length at the same batch size. */
function neighbours(
  sorted: readonly AnalysedCell[],
): readonly (readonly [AnalysedCell, AnalysedCell])[] {
  const chains = [
    ...groupBy(sorted, ({ cell }) => `length ${lengthOf(cell)}`).values(),
    ...groupBy(sorted, ({ cell }) => `batch ${batchOf(cell)}`).values(),
  ];
  return chains.flatMap((chain) =>
    chain.slice(1).flatMap((next, index) => {
      const previous = chain[index];
      return previous === undefined ? [] : [[previous, next] as const];
    }),
  );
}

function violation(smaller: AnalysedCell, larger: AnalysedCell): SizeViolation[] {
  const estimate = logRatio(smaller.latencyNs, larger.latencyNs);
  if (estimate === null || estimate.mean <= Math.log1p(limits.share)) return [];
  const reach = bounds(estimate);
  if (reach !== null && reach.low <= 0) return [];
  return [{ smaller, larger, ratio: Math.exp(estimate.mean) }];
}

function shapeOf(cell: Cell): string {
  return `batch ${batchOf(cell)} at length ${lengthOf(cell)}`;
}
