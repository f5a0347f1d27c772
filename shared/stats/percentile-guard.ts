/** Percentiles that reports show, each with the least number of samples that allows it. */
export const percentileMinima = [
  { percentile: 50, minSamples: 6 },
  { percentile: 90, minSamples: 29 },
  { percentile: 95, minSamples: 59 },
  { percentile: 99, minSamples: 299 },
  { percentile: 99.9, minSamples: 2_995 },
] as const;

/**
 * Whether this many samples allow a percentile from {@link percentileMinima}: with fewer, the largest
 * sample lies under the true percentile with a probability of over 5 %, so nothing measured bounds it.
 * For p50 both sides are asked for, at 2.5 % each.
 */
export function allowsPercentile(percentile: number, samples: number): boolean {
  const rule = percentileMinima.find((minimum) => minimum.percentile === percentile);
  return rule !== undefined && samples >= rule.minSamples;
}
