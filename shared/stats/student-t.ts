/**
 * P(T ≤ t) for Student's t with `df` degrees of freedom, by the regularised incomplete beta function
 * I_x(df/2, 1/2) with x = df/(df + t²).
 */
export function studentTCdf(t: number, df: number): number {
  const x = df / (df + t * t);
  const tail = 0.5 * incompleteBeta(x, df / 2, 0.5);
  return t > 0 ? 1 - tail : tail;
}

/** Quantiles asked for again and again: intervals of a sweep have a few numbers of launches. */
const known = new Map<number, Map<number, number>>();
const maxKnownDf = 1_000;

/**
 * The t with P(T ≤ t) = p, to about 1e-12 relative. `df` may be a fraction, as Welch's is.
 * @throws RangeError outside of 0 < p < 1 or df > 0.
 */
export function studentTQuantile(p: number, df: number): number {
  if (!(p > 0 && p < 1 && df > 0)) throw new RangeError(`no t quantile for p ${p}, df ${df}`);
  if (p === 0.5) return 0;
  if (p < 0.5) return -studentTQuantile(1 - p, df);
  if (p !== 0.975 && p !== 0.95) return searchQuantile(p, df);
  if (!Number.isInteger(df) || df > maxKnownDf) return searchQuantile(p, df);
  const byDf = known.get(p) ?? new Map<number, number>();
  known.set(p, byDf);
  const quantile = byDf.get(df) ?? searchQuantile(p, df);
  byDf.set(df, quantile);
  return quantile;
}

/**
 * Newton's steps inside a bracket: right of 0 the distribution function is concave, so they come from the left
 * and never jump over the root; halving takes over where rounding would make them.
 */
function searchQuantile(p: number, df: number): number {
  let high = 1;
  while (studentTCdf(high, df) < p) high *= 2;
  let low = 0;
  let t = high / 2;
  const scale = Math.exp(logGamma((df + 1) / 2) - logGamma(df / 2)) / Math.sqrt(df * Math.PI);
  // Ends when no double lies between the bounds, or a step changes nothing; 200 steps pass any exponent.
  for (let step = 0; step < 200; step++) {
    const miss = studentTCdf(t, df) - p;
    if (miss < 0) low = t;
    else high = t;
    const density = scale * (1 + (t * t) / df) ** (-(df + 1) / 2);
    const newton = t - miss / density;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (next === t || next === low || next === high || Math.abs(next - t) < 1e-14 * t) return next;
    t = next;
  }
  return t;
}

/** I_x(a, b) by Lentz's continued fraction: Numerical Recipes, 3rd edition, section 6.4. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges quickly on this side only; the other follows by symmetry.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const logFront =
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x);
  return (Math.exp(logFront) * betaFraction(x, a, b)) / a;
}

const tiny = 1e-300;

function betaFraction(x: number, a: number, b: number): number {
  const keep = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / keep(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    for (const term of [even, odd]) {
      d = 1 / keep(1 + term * d);
      c = keep(1 + term / c);
      fraction *= d * c;
    }
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return fraction;
}

/** Lanczos coefficients for g = 7, n = 9 (Godfrey), good to 15 digits. */
const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
  -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
  1.5056327351493116e-7,
] as const;

/** ln Γ(x) for x ≥ 0.5. */
export function logGamma(x: number): number {
  const z = x - 1;
  const t = z + 7.5;
  const [first, ...rest] = lanczos;
  const series = rest.reduce<number>((sum, value, i) => sum + value / (z + i + 1), first);
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(series);
}
