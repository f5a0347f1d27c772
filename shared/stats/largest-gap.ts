/** Values in two groups with the largest relative gap between them. */
export interface Gap {
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** Least of the high over the largest of the low. */
  readonly factor: number;
  /** Few values that look like two states: repeats would tell. */
  readonly isSuspect: boolean;
}

/** Least gap, and most spread within each side, at which two states are suspected behind few values. */
const limits = { factor: 1.5, spread: 0.05 } as const;

/** Splits positive values at their largest relative gap; null for fewer than two. */
export function splitAtGap(values: readonly number[]): Gap | null {
  const sorted = [...values].sort((a, b) => a - b);
  let best: { at: number; factor: number } | null = null;
  for (let at = 1; at < sorted.length; at += 1) {
    const factor = (sorted[at] ?? 0) / (sorted[at - 1] ?? 1);
    if (best === null || factor > best.factor) best = { at, factor };
  }
  if (best === null) return null;
  const [low, high] = [sorted.slice(0, best.at), sorted.slice(best.at)];
  const spread = (side: readonly number[]): number => (side.at(-1) ?? 1) / (side[0] ?? 1) - 1;
  const tight = spread(low) < limits.spread && spread(high) < limits.spread;
  return { low, high, factor: best.factor, isSuspect: tight && best.factor >= limits.factor };
}
