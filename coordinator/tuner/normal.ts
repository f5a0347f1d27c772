/** Density of the standard normal distribution. */
export function normalDensity(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}

/** Coefficients of Abramowitz and Stegun, 7.1.26: the absolute error stays below 1.5e-7. */
const scale = 0.3275911;
const coefficients = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592] as const;

/** Distribution function of the standard normal distribution, within 1e-7. */
export function normalCumulative(x: number): number {
  const t = 1 / (1 + (scale * Math.abs(x)) / Math.SQRT2);
  const polynomial = coefficients.reduce((sum, coefficient) => sum * t + coefficient, 0) * t;
  const upperTail = (polynomial * Math.exp((-x * x) / 2)) / 2;
  return x >= 0 ? 1 - upperTail : upperTail;
}
