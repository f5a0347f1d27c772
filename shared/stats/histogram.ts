/** Linear steps in each doubling: 2 048 keep the width of a bucket under 0.1 % of its value. */
const steps = 2_048;
const half = steps / 2;

/**
 * The bucket of a whole number, as HdrHistogram with 3 significant digits has them: exact up to 2 047,
 * then 1 024 equal buckets for each doubling.
 */
export function bucketOf(value: number): number {
  if (value < steps) return value;
  const exponent = Math.floor(Math.log2(value / steps)) + 1;
  // log2 rounds near powers of two; one comparison puts that right.
  const shift = Math.floor(value / 2 ** exponent) >= steps ? exponent + 1 : exponent;
  const fixed = Math.floor(value / 2 ** shift) < half ? shift - 1 : shift;
  return half * fixed + Math.floor(value / 2 ** fixed);
}

/** The middle of a bucket, rounded down. */
export function bucketValue(bucket: number): number {
  if (bucket < steps) return bucket;
  const shift = Math.floor(bucket / half) - 1;
  const low = (bucket - half * shift) * 2 ** shift;
  return low + Math.floor((2 ** shift - 1) / 2);
}
