import { makeRandomSource, type RandomSource } from "../../../coordinator/tuner/random.ts";
import type { TableShape } from "./shapes.ts";

/** One combination of the five knobs. */
export interface TableRow {
  readonly cores: number;
  readonly allocator: "glibc" | "tcmalloc" | "jemalloc";
  readonly openmp: "gomp" | "iomp";
  readonly thp: "never" | "always";
  readonly kmp_blocktime: 0 | 1;
}

/** A synthetic host and workload: every combination with its true latency, and a way to visit one. */
export interface SyntheticTable {
  readonly shape: TableShape;
  readonly rows: readonly TableRow[];
  readonly trueMs: readonly number[];
  /** One noisy observation of a row, in ms. */
  observe(row: number, random: RandomSource): number;
}

/** The same shape and seed give the same table: ruggedness is drawn once per distinct configuration. */
export function makeTable(shape: TableShape, seed: number): SyntheticTable {
  const random = makeRandomSource(seed);
  const rows = enumerateRows(shape.cores);
  const ruggedness = new Map<string, number>();
  const trueMs = rows.map((row) => {
    const key = `${row.cores} ${row.allocator} ${row.openmp} ${row.thp} ${effectiveBlocktime(row)}`;
    const frozen = ruggedness.get(key) ?? shape.ruggedness * random.normal();
    ruggedness.set(key, frozen);
    return smoothLatencyMs(shape, row) * Math.exp(frozen);
  });
  return {
    shape,
    rows,
    trueMs,
    observe: (row, chance) => observe(shape, trueMs[row] ?? 0, chance),
  };
}

function observe(shape: TableShape, trueMs: number, random: RandomSource): number {
  const outlier = random.uniform() < shape.outlierProbability ? 1.05 + 0.15 * random.uniform() : 1;
  return trueMs * Math.exp(shape.noise * random.normal()) * outlier;
}

export function enumerateRows(maxCores: number): TableRow[] {
  const rows: TableRow[] = [];
  for (let cores = 1; cores <= maxCores; cores += 1) {
    for (const allocator of ["glibc", "tcmalloc", "jemalloc"] as const) {
      for (const openmp of ["gomp", "iomp"] as const) {
        for (const thp of ["never", "always"] as const) {
          for (const kmp_blocktime of [0, 1] as const) {
            rows.push({ cores, allocator, openmp, thp, kmp_blocktime });
          }
        }
      }
    }
  }
  return rows;
}

/** GNU OpenMP has no block time. */
function effectiveBlocktime(row: TableRow): number {
  return row.openmp === "gomp" ? 0 : row.kmp_blocktime;
}

/** Latency before ruggedness and noise: the product of the effects, each a factor on the latency. */
function smoothLatencyMs(shape: TableShape, row: TableRow): number {
  const effects = [coreEffect(shape, row), borderEffect(shape, row), knobEffect(shape, row)];
  return effects.reduce((latency, effect) => latency * effect, shape.oneCoreMs);
}

/** Contention and coherence (the universal scalability law), tile quantisation and turbo. */
function coreEffect(shape: TableShape, { cores, openmp }: TableRow): number {
  const kappa = shape.kappa * (openmp === "iomp" ? shape.kappaIomp : 1);
  const scaling = (1 + shape.sigma * (cores - 1) + kappa * cores * (cores - 1)) / cores;
  const tiling = (Math.ceil(shape.tiles / cores) * cores) / shape.tiles;
  const busy = Math.min(cores, shape.coresPerPackage);
  const turbo = 1 + shape.turbo * (1 - Math.exp(-(busy - 1) / 8));
  return scaling * (1 - shape.tiled + shape.tiled * tiling) * turbo;
}

/** Crossing into the other package, and into further sub-NUMA clusters. */
function borderEffect(shape: TableShape, { cores, openmp }: TableRow): number {
  const size = shape.coresPerPackage;
  const penalty = shape.crossing + (shape.crossingLinear * (cores - size)) / size;
  const package2 = cores > size ? 1 + penalty * (openmp === "iomp" ? shape.crossingIomp : 1) : 1;
  if (shape.subNumaClusters === 1) return package2;
  const borders = Math.ceil(cores / (size / shape.subNumaClusters)) - 1;
  return package2 * (1 + shape.clusterStep) ** borders;
}

function knobEffect(shape: TableShape, row: TableRow): number {
  const lg = Math.log2(row.cores) / Math.log2(shape.cores);
  const thp = row.thp === "always";
  const iomp = row.openmp === "iomp";
  const allocator = shape.allocators[row.allocator];
  const blocktime = shape.blocktime + shape.blocktimeSlope * lg + (thp ? shape.blocktimeThp : 0);
  return (
    (1 + allocator.offset + allocator.slope * lg) *
    (thp ? 1 + shape.thp + allocator.thp : 1) *
    (iomp ? 1 + shape.iomp + shape.iompSlope * lg : 1) *
    (iomp && row.kmp_blocktime === 1 ? 1 + blocktime : 1)
  );
}
