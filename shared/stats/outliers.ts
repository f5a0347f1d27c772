import { quantileOfSorted, toSorted } from "./quantile.ts";

export interface OutlierCounts {
  /** Beyond 1.5 interquartile ranges from the quartiles, the severe ones included. */
  readonly mild: number;
  /** Beyond 3. */
  readonly severe: number;
}

/** Tukey's fences (1977). Outliers are counted, never taken out. */
export function countOutliers(values: readonly number[]): OutlierCounts {
  const sorted = toSorted(values);
  const q1 = quantileOfSorted(sorted, 0.25);
  const q3 = quantileOfSorted(sorted, 0.75);
  const beyond = (factor: number): number => {
    const reach = factor * (q3 - q1);
    return values.filter((value) => value < q1 - reach || value > q3 + reach).length;
  };
  return { mild: beyond(1.5), severe: beyond(3) };
}

/** Least MAD for robust scores, as a share of the median: equal values would make all else infinite. */
const madFloor = 0.001;

/** The cut of the modified z score: Iglewicz and Hoaglin (1993). */
const spikeScore = 3.5;

/** Values whose modified z score 0.6745 (x − median)/MAD passes 3.5 upwards. */
export function countSpikes(values: readonly number[]): number {
  const sorted = toSorted(values);
  const center = quantileOfSorted(sorted, 0.5);
  const deviations = sorted.map((value) => Math.abs(value - center)).sort();
  const mad = Math.max(quantileOfSorted(deviations, 0.5), madFloor * Math.abs(center));
  if (mad === 0) return values.filter((value) => value > center).length;
  return values.filter((value) => (0.6745 * (value - center)) / mad > spikeScore).length;
}
