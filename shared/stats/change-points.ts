import { twoSidedP } from "./log-estimate.ts";
import { median } from "./quantile.ts";

/** A stretch of a series with one level. */
export interface Segment {
  /** Positions, the end not included. */
  readonly start: number;
  readonly end: number;
  readonly mean: number;
}

export interface ChangeRules {
  readonly minLength: number;
  /** Chance of a change where there is none, over all places where it could be. */
  readonly level: number;
  /** Shifts of less are nobody's concern. */
  readonly minShift: number;
}

/** Longer series are averaged into so many blocks first: the search takes their square. */
const maxBlocks = 1_000;

/**
 * Splits a series where its level changes. Optimal partitioning (Jackson et al., 2005) with squared errors
 * proposes the cuts, all at once, because a change that is undone later hides from a search for one cut;
 * a cut stays if its two sides differ by Student's t at the level. No chance takes part.
 */
export function segment(values: readonly number[], rules: ChangeRules): readonly Segment[] {
  const size = Math.max(1, Math.ceil(values.length / maxBlocks));
  const blocks = Array.from({ length: Math.floor(values.length / size) }, (_, i) => {
    const block = values.slice(i * size, (i + 1) * size);
    return block.reduce((total, value) => total + value, 0) / size;
  });
  const minBlocks = Math.max(1, Math.ceil(rules.minLength / size));
  const cuts = partition(blocks, minBlocks).map((cut) => cut * size);
  return prune(prefixSums(values), [0, ...cuts, values.length], rules);
}

/** Cuts that make the squared errors plus a price for each cut least. */
function partition(values: readonly number[], minLength: number): readonly number[] {
  const n = values.length;
  if (n < 2 * minLength) return [];
  const { sum, squares } = prefixSums(values);
  const price = 2 * noiseVariance(values) * Math.log(n);
  const cost = new Float64Array(n + 1).fill(Number.POSITIVE_INFINITY);
  const from = new Int32Array(n + 1);
  cost[0] = -price;
  for (let end = minLength; end <= n; end += 1) {
    for (let start = 0; start <= end - minLength; start += 1) {
      const total = (sum[end] ?? 0) - (sum[start] ?? 0);
      const error = (squares[end] ?? 0) - (squares[start] ?? 0) - (total * total) / (end - start);
      const found = (cost[start] ?? 0) + error + price;
      if (found < (cost[end] ?? 0)) {
        cost[end] = found;
        from[end] = start;
      }
    }
  }
  const cuts: number[] = [];
  for (let at = from[n] ?? 0; at > 0; at = from[at] ?? 0) cuts.push(at);
  return cuts.reverse();
}

/** From differences of neighbours, which a change of level touches once: their MAD is σ · √2 · 0.6745. */
function noiseVariance(values: readonly number[]): number {
  const differences = values.slice(1).map((value, i) => Math.abs(value - (values[i] ?? 0)));
  return (median(differences) / (Math.SQRT2 * 0.6745)) ** 2;
}

interface Sums {
  readonly sum: Float64Array;
  readonly squares: Float64Array;
}

/** Around the mean, or squares of close values would lose their difference. */
function prefixSums(values: readonly number[]): Sums & { readonly center: number } {
  const center = values.reduce((total, value) => total + value, 0) / Math.max(1, values.length);
  const sum = new Float64Array(values.length + 1);
  const squares = new Float64Array(values.length + 1);
  values.forEach((value, i) => {
    sum[i + 1] = (sum[i] ?? 0) + (value - center);
    squares[i + 1] = (squares[i] ?? 0) + (value - center) ** 2;
  });
  return { sum, squares, center };
}

/** |t| of the two sides with their pooled variance, and the shift from left to right. */
function compare(
  { sum, squares }: Sums,
  start: number,
  at: number,
  end: number,
): { readonly t: number; readonly shift: number } {
  const [n, m] = [at - start, end - at];
  const part = (table: Float64Array, from: number, to: number): number =>
    (table[to] ?? 0) - (table[from] ?? 0);
  const [left, right] = [part(sum, start, at) / n, part(sum, at, end) / m];
  const within = part(squares, start, end) - n * left * left - m * right * right;
  const variance = Math.max(within, 0) / Math.max(1, n + m - 2);
  const shift = right - left;
  if (variance === 0) return { t: shift === 0 ? 0 : Number.MAX_VALUE, shift };
  return { t: Math.abs(shift) / Math.sqrt(variance * (1 / n + 1 / m)), shift };
}

/** Takes out the least certain cut until all that are left hold. */
function prune(
  sums: Sums & { readonly center: number },
  edges: readonly number[],
  rules: ChangeRules,
): readonly Segment[] {
  let kept = [...edges];
  for (;;) {
    const judged = kept.slice(1, -1).map((at, index) => {
      const [start = 0, end = at] = [kept[index], kept[index + 2]];
      const { t, shift } = compare(sums, start, at, end);
      const df = end - start - 2;
      const places = Math.max(1, end - start - 2 * rules.minLength + 1);
      const p = (twoSidedP({ mean: t, se: 1, df, n: df + 2 }) ?? 1) * places;
      return { at, p: Math.abs(shift) < rules.minShift ? Number.POSITIVE_INFINITY : p };
    });
    const worst = judged.reduce((a, b) => (b.p > a.p ? b : a), { at: -1, p: 0 });
    if (worst.p <= rules.level) break;
    kept = kept.filter((edge) => edge !== worst.at);
  }
  return kept.slice(0, -1).map((start, index) => {
    const end = kept[index + 1] ?? start;
    const total = (sums.sum[end] ?? 0) - (sums.sum[start] ?? 0);
    return { start, end, mean: sums.center + total / Math.max(1, end - start) };
  });
}
