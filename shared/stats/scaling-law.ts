import type { LogEstimate } from "./log-estimate.ts";

/** Latency (any unit) of one instance on `cores` cores, as an estimate on the scale of logarithms. */
export interface LawPoint {
  readonly cores: number;
  readonly latency: LogEstimate;
}

/**
 * The Universal Scalability Law for one stream of calls (Gunther, 2007), which with β = 0 is Amdahl's:
 * c · T(c) = a + b · (c − 1) + d · c · (c − 1), with T(1) = a, contention α = b/a and coherency β = d/a.
 * Linear in a, b and d, so that a fit has one optimum and needs no start values.
 */
export interface ScalingLaw {
  /** a, b, d; d is 0 for Amdahl's law. */
  readonly coefficients: readonly [number, number, number];
  /** Of the coefficients, on their own scale; null where the points have no errors. */
  readonly covariance: readonly (readonly number[])[] | null;
  readonly df: number;
  /** Root mean square of the logarithms of measured over fitted. */
  readonly residual: number;
  readonly points: number;
}

/** Terms of each law in the basis 1, c − 1, c(c − 1). */
export const lawTerms = { amdahl: 2, usl: 3 } as const;
export type LawName = keyof typeof lawTerms;

const steps = 50;

/**
 * Fits a law to points inside one package in log space, where equal relative errors weigh the same;
 * every point weighs by its launches. Coefficients may come out negative: see {@link nonNegative}. Null
 * where the points do not determine the law.
 */
export function fitLaw(points: readonly LawPoint[], law: LawName): ScalingLaw | null {
  const terms = lawTerms[law];
  if (new Set(points.map(({ cores }) => cores)).size < terms) return null;
  let coefficients = solveRelative(points, terms);
  if (coefficients === null) return null;
  for (let step = 0; step < steps; step += 1) {
    const next = improve(points, coefficients);
    if (next === null) return null;
    const moved = Math.max(...next.map((value, i) => Math.abs(value - (coefficients?.[i] ?? 0))));
    coefficients = next;
    if (moved <= 1e-12 * Math.abs(next[0] ?? 1)) break;
  }
  return describe(points, coefficients);
}

/** c · T(c) of the law. */
function workAt(coefficients: readonly number[], cores: number): number {
  return basisAt(cores, coefficients.length).reduce(
    (sum, value, i) => sum + value * (coefficients[i] ?? 0),
    0,
  );
}

/** T(c) of the law, in the unit of the points. */
export function latencyOf(law: ScalingLaw, cores: number): number {
  return workAt(law.coefficients, cores) / cores;
}

/** Derivatives of ln T(c) by the coefficients. */
export function latencyGradient(law: ScalingLaw, cores: number): readonly number[] {
  const work = workAt(law.coefficients, cores);
  return basisAt(cores, law.coefficients.length).map((value) => value / work);
}

/** gᵀ C g for a gradient by the coefficients; null where the law has no covariance. */
export function propagate(law: ScalingLaw, gradient: readonly number[]): number | null {
  const { covariance } = law;
  if (covariance === null) return null;
  return gradient.reduce(
    (sum, gi, i) =>
      sum + gradient.reduce((inner, gj, j) => inner + gi * gj * (covariance[i]?.[j] ?? 0), 0),
    0,
  );
}

function basisAt(cores: number, terms: number): readonly number[] {
  return [1, cores - 1, cores * (cores - 1)].slice(0, terms);
}

/** Least squares of 1 − model/measured: near enough to the optimum in log space to start from. */
function solveRelative(points: readonly LawPoint[], terms: number): number[] | null {
  const rows = points.map(({ cores, latency }) => {
    const work = cores * Math.exp(latency.mean);
    return {
      gradient: basisAt(cores, terms).map((value) => value / work),
      target: 1,
      weight: latency.n,
    };
  });
  const start = leastSquares(rows, terms);
  if (start === null) return null;
  const possible = points.every(({ cores }) => workAt(start, cores) > 0);
  if (possible) return start;
  // Then the law of perfect scaling is a start from which every step stays positive.
  const mean =
    points.reduce((sum, p) => sum + p.latency.mean + Math.log(p.cores), 0) / points.length;
  return [Math.exp(mean), 0, 0].slice(0, terms);
}

/** One step of Gauss and Newton on the logarithms, halved until every point stays possible. */
function improve(points: readonly LawPoint[], coefficients: readonly number[]): number[] | null {
  const rows = points.map(({ cores, latency }) => {
    const work = workAt(coefficients, cores);
    return {
      gradient: basisAt(cores, coefficients.length).map((value) => value / work),
      target: latency.mean + Math.log(cores) - Math.log(work),
      weight: latency.n,
    };
  });
  const step = leastSquares(rows, coefficients.length);
  if (step === null) return null;
  for (let share = 1; share > 1e-6; share /= 2) {
    const next = coefficients.map((value, i) => value + share * (step[i] ?? 0));
    if (points.every(({ cores }) => workAt(next, cores) > 0)) return next;
  }
  return [...coefficients];
}

interface Row {
  readonly gradient: readonly number[];
  readonly target: number;
  readonly weight: number;
}

function leastSquares(rows: readonly Row[], terms: number): number[] | null {
  const inverse = invert(normalMatrix(rows, terms));
  if (inverse === null) return null;
  const right = Array.from({ length: terms }, (_, i) =>
    rows.reduce((sum, row) => sum + row.weight * (row.gradient[i] ?? 0) * row.target, 0),
  );
  return inverse.map((line) => line.reduce((sum, value, j) => sum + value * (right[j] ?? 0), 0));
}

function normalMatrix(rows: readonly Row[], terms: number): number[][] {
  return Array.from({ length: terms }, (_, i) =>
    Array.from({ length: terms }, (__, j) =>
      rows.reduce(
        (sum, row) => sum + row.weight * (row.gradient[i] ?? 0) * (row.gradient[j] ?? 0),
        0,
      ),
    ),
  );
}

/** Gauss and Jordan with scaling by the diagonal; null for a singular matrix. */
function invert(matrix: readonly (readonly number[])[]): number[][] | null {
  const n = matrix.length;
  const scale = matrix.map((line, i) => 1 / Math.sqrt(line[i] ?? 0));
  if (scale.some((value) => !Number.isFinite(value))) return null;
  const work = matrix.map((line, i) => [
    ...line.map((value, j) => value * (scale[i] ?? 0) * (scale[j] ?? 0)),
    ...Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)),
  ]);
  for (let column = 0; column < n; column += 1) {
    const rest = work.slice(column);
    const best =
      column +
      rest.reduce((at, line, i) => (size(line, column) > size(rest[at] ?? [], column) ? i : at), 0);
    const pivot = work[best];
    const swapped = work[column];
    if (pivot === undefined || swapped === undefined || size(pivot, column) < 1e-13) return null;
    work[best] = swapped;
    work[column] = pivot.map((value) => value / (pivot[column] ?? 1));
    for (let i = 0; i < n; i += 1) {
      const factor = work[i]?.[column] ?? 0;
      if (i !== column)
        work[i] = (work[i] ?? []).map((value, j) => value - factor * (work[column]?.[j] ?? 0));
    }
  }
  return work.map((line, i) =>
    line.slice(n).map((value, j) => value * (scale[i] ?? 0) * (scale[j] ?? 0)),
  );
}

function size(line: readonly number[], column: number): number {
  return Math.abs(line[column] ?? 0);
}

/**
 * Errors come from the scatter of launches within points, or from the scatter of points around the law
 * where that is larger: a law that does not hold must not look certain.
 */
function describe(points: readonly LawPoint[], coefficients: readonly number[]): ScalingLaw {
  const [a = 0, b = 0, d = 0] = coefficients;
  const residuals = points.map(
    ({ cores, latency }) => latency.mean + Math.log(cores) - Math.log(workAt(coefficients, cores)),
  );
  const squares = residuals.reduce((sum, value) => sum + value * value, 0);
  const spare = points.length - coefficients.length;
  const weightedSquares = points.reduce(
    (sum, { latency }, i) => sum + latency.n * (residuals[i] ?? 0) ** 2,
    0,
  );
  const launchDf = points.reduce((sum, { latency }) => sum + latency.df, 0);
  const launchVariance =
    launchDf === 0
      ? 0
      : points.reduce(
          (sum, { latency }) => sum + latency.df * (latency.se ?? 0) ** 2 * latency.n,
          0,
        ) / launchDf;
  const lackOfFit = spare > 0 ? weightedSquares / spare : 0;
  const misfit = lackOfFit > launchVariance;
  const rows = points.map(({ cores, latency }) => {
    const work = workAt(coefficients, cores);
    const gradient = basisAt(cores, coefficients.length).map((value) => value / work);
    return { gradient, target: 0, weight: latency.n };
  });
  const inverse = invert(normalMatrix(rows, coefficients.length));
  const variance = Math.max(launchVariance, lackOfFit);
  // Without repeats nothing tells noise from a law that does not hold: then there are no errors.
  const df = launchDf === 0 ? 0 : misfit ? spare : launchDf;
  return {
    coefficients: [a, b, d].slice(0, 3) as [number, number, number],
    covariance:
      inverse === null || df === 0
        ? null
        : pad(inverse.map((line) => line.map((value) => value * variance))),
    df,
    residual: Math.sqrt(squares / points.length),
    points: points.length,
  };
}

function pad(matrix: readonly (readonly number[])[]): number[][] {
  return [0, 1, 2].map((i) => [0, 1, 2].map((j) => matrix[i]?.[j] ?? 0));
}
