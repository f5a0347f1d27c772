/** A ratio of two printed figures, and how far it may be from that of the figures before rounding. */
export interface LabelRatio {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  /** Whether rounding alone cannot have put it on this side of 1. */
  readonly resolved: boolean;
}

/** a/b where each label may be off by half of its unit; says nothing of noise, for which it takes repeats. */
export function labelRatio(a: number, b: number, unit: number): LabelRatio {
  const half = unit / 2;
  const low = (a - half) / (b + half);
  const high = b > half ? (a + half) / (b - half) : Number.POSITIVE_INFINITY;
  return { ratio: a / b, low, high, resolved: low > 1 || high < 1 };
}
