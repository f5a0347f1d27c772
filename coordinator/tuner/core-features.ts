/** What the model knows of each core count before anything is measured. Arrays by position. */
export interface CoreFeatures {
  /** log₂ of the count, scaled to [0, 1] over the space. */
  readonly log: Float64Array;
  /** The count over the largest one. */
  readonly linear: Float64Array;
  /** Packages touched beyond the first; all 0 where the package size is unknown. */
  readonly crossings: Float64Array;
  /** Cores beyond the first package over the package size. */
  readonly overflow: Float64Array;
  /** Borders crossed if every package were cut in 2, and in 4 (sub-NUMA clustering). */
  readonly halves: Float64Array;
  readonly quarters: Float64Array;
  /** Covariance of tile quantisation between counts, `counts × counts`, unit mean diagonal. */
  readonly tiles: Float64Array;
}

/** Counts ascending, each once. */
export function coreFeatures(
  counts: readonly number[],
  coresPerPackage: number | null,
): CoreFeatures {
  const smallest = counts[0] ?? 1;
  const largest = counts.at(-1) ?? 1;
  const octaves = Math.log2(largest / smallest);
  const size = coresPerPackage ?? largest;
  const from = (feature: (count: number) => number): Float64Array =>
    Float64Array.from(counts, feature);
  const borders = (length: number) => (count: number) => Math.ceil(count / length) - 1;
  return {
    log: from((count) => (octaves > 0 ? Math.log2(count / smallest) / octaves : 0)),
    linear: from((count) => count / largest),
    crossings: from(borders(size)),
    overflow: from((count) => Math.max(0, count - size) / size),
    halves: from(borders(size / 2)),
    quarters: from(borders(size / 4)),
    tiles: tileCovariance(counts),
  };
}

/** Numbers of equal tiles that a forward pass may be cut into: matrix shapes make them multiples of 4. */
const tileCandidates = { smallest: 16, largest: 256, step: 4 } as const;

/** Share of the time that waits for the last round, as far as the covariance's shape goes. */
const tiledShare = 0.5;

/**
 * W equal tiles on c threads take ⌈W/c⌉ rounds, so ⌈W/c⌉·c/W of the ideal time. W is unknown: the
 * covariance is that of a random mixture of the curves of all candidates.
 */
function tileCovariance(counts: readonly number[]): Float64Array {
  const size = counts.length;
  const covariance = new Float64Array(size * size);
  const { smallest, largest, step } = tileCandidates;
  for (let tiles = smallest; tiles <= largest; tiles += step) {
    const idle = counts.map((count) =>
      Math.log(1 - tiledShare + (tiledShare * Math.ceil(tiles / count) * count) / tiles),
    );
    const mean = idle.reduce((sum, value) => sum + value, 0) / size;
    idle.forEach((a, row) => {
      idle.forEach((b, column) => {
        const place = row * size + column;
        covariance[place] = (covariance[place] ?? 0) + (a - mean) * (b - mean);
      });
    });
  }
  const diagonal = counts.map((_, k) => covariance[k * size + k] ?? 0);
  const meanDiagonal = diagonal.reduce((sum, value) => sum + value, 0) / size;
  return meanDiagonal > 0 ? covariance.map((value) => value / meanDiagonal) : covariance;
}
