import { type Cell, numberAxis } from "../../../shared/domain/cell.ts";
import { groupBy } from "../../../shared/domain/group-by.ts";
import { bounds, logRatio } from "../../../shared/stats/log-estimate.ts";
import { type AnalysedCell, numberObjects } from "../findings/analysed-cell.ts";
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
  return [...groupBy(measured, shapelessKeys()).values()].flatMap((members) => {
    const sorted = members.map(toShaped).sort((a, b) => a.length - b.length || a.batch - b.batch);
    if (sorted.length > limits.shapes)
      return neighbours(sorted).flatMap(([a, b]) => violation(a, b));
    return sorted.flatMap((a) =>
      sorted.flatMap((b) => (a !== b && isNotLarger(a, b) ? violation(a, b) : [])),
    );
  });
}

/** A cell with what most comparisons of it need, worked out once. */
interface Shaped {
  readonly cell: AnalysedCell;
  readonly batch: number;
  readonly length: number;
  readonly leastNs: number;
  readonly mostNs: number;
}

function toShaped(cell: AnalysedCell): Shaped {
  const values = [...cell.latencyNs.values()];
  return {
    cell,
    batch: batchOf(cell.cell),
    length: lengthOf(cell.cell),
    leastNs: Math.min(...values),
    mostNs: Math.max(...values),
  };
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

/** Everything but the shape. */
function shapelessKeys(): (cell: AnalysedCell) => string {
  const numberOf = numberObjects();
  const known = new Map<Cell, string>();
  const restOf = (workload: Cell): string => {
    const { batch_size: _, sequence_length: __, ...rest } = workload;
    const text = known.get(workload) ?? JSON.stringify(rest);
    known.set(workload, text);
    return text;
  };
  return ({ hostId, workload, setting, placement }) =>
    `${hostId} ${numberOf(setting)} ${numberOf(placement)} ${restOf(workload)}`;
}

function batchOf(cell: Cell): number {
  return numberAxis(cell, "batch_size") ?? 1;
}

function lengthOf(cell: Cell): number {
  return numberAxis(cell, "sequence_length") ?? 0;
}

function isNotLarger(a: Shaped, b: Shaped): boolean {
  return a.batch <= b.batch && a.length <= b.length;
}

/** Next batch size at the same length, next length at the same batch size. */
function neighbours(sorted: readonly Shaped[]): readonly (readonly [Shaped, Shaped])[] {
  const chains = [
    ...groupBy(sorted, ({ length }) => length).values(),
    ...groupBy(sorted, ({ batch }) => batch).values(),
  ];
  return chains.flatMap((chain) =>
    chain.slice(1).flatMap((next, index) => {
      const previous = chain[index];
      return previous === undefined ? [] : [[previous, next] as const];
    }),
  );
}

function violation(a: Shaped, b: Shaped): SizeViolation[] {
  // No pair of launches can have a larger ratio, and most pairs of cells end here.
  if (a.mostNs <= (1 + limits.share) * b.leastNs) return [];
  const [smaller, larger] = [a.cell, b.cell];
  const estimate = logRatio(smaller.latencyNs, larger.latencyNs);
  if (estimate === null || estimate.mean <= Math.log1p(limits.share)) return [];
  const reach = bounds(estimate);
  if (reach !== null && reach.low <= 0) return [];
  return [{ smaller, larger, ratio: Math.exp(estimate.mean) }];
}

function shapeOf(cell: Cell): string {
  return `batch ${batchOf(cell)} at length ${lengthOf(cell)}`;
}
