import type { RandomSource } from "../../../coordinator/tuner/random.ts";

/** The parameters of one synthetic workload on one synthetic host. Effects are fractions of latency. */
export interface TableShape {
  readonly name: string;
  readonly cores: number;
  readonly coresPerPackage: number;
  readonly subNumaClusters: number;
  readonly oneCoreMs: number;
  /** The universal scalability law's contention and coherence; under iomp coherence is × kappaIomp. */
  readonly sigma: number;
  readonly kappa: number;
  readonly kappaIomp: number;
  /** The work is cut into this many tiles; `tiled` is the share of time that feels it. */
  readonly tiles: number;
  readonly tiled: number;
  readonly turbo: number;
  readonly crossing: number;
  readonly crossingLinear: number;
  readonly crossingIomp: number;
  readonly clusterStep: number;
  readonly allocators: Readonly<Record<"glibc" | "tcmalloc" | "jemalloc", AllocatorEffect>>;
  readonly thp: number;
  readonly iomp: number;
  readonly iompSlope: number;
  readonly blocktime: number;
  readonly blocktimeSlope: number;
  readonly blocktimeThp: number;
  /** Standard deviations of log latency: frozen per configuration, and per observation. */
  readonly ruggedness: number;
  readonly noise: number;
  /** An observation is 5 to 20 % slow with this probability. */
  readonly outlierProbability: number;
}

/** `slope` is per log₂ cores over log₂ of all cores; `thp` applies under transparent huge pages. */
export interface AllocatorEffect {
  readonly offset: number;
  readonly slope: number;
  readonly thp: number;
}

const plain: AllocatorEffect = { offset: 0, slope: 0, thp: 0 };
const effect = (offset: number, slope: number, thp: number): AllocatorEffect => ({
  offset,
  slope,
  thp,
});

// biome-ignore format: one shape a paragraph reads as the table that it is
export const shapes: readonly TableShape[] = [
  { name: "A short sequence, best near 16 cores", cores: 80, coresPerPackage: 40, subNumaClusters: 1,
    oneCoreMs: 30, sigma: .075, kappa: .0045, kappaIomp: .80, tiles: 64, tiled: 0, turbo: .10,
    crossing: .22, crossingLinear: .50, crossingIomp: .9, clusterStep: 0,
    allocators: { glibc: plain, tcmalloc: effect(-.020, -.025, -.004), jemalloc: effect(-.055, .015, .003) },
    thp: .006, iomp: .010, iompSlope: -.050, blocktime: .030, blocktimeSlope: -.030, blocktimeThp: .004,
    ruggedness: .007, noise: .02, outlierProbability: 0 },
  { name: "B middle sequence, best on one package", cores: 80, coresPerPackage: 40, subNumaClusters: 1,
    oneCoreMs: 180, sigma: .030, kappa: .00072, kappaIomp: .85, tiles: 96, tiled: .15, turbo: .12,
    crossing: .12, crossingLinear: .18, crossingIomp: .9, clusterStep: 0,
    allocators: { glibc: plain, tcmalloc: effect(-.015, -.020, -.006), jemalloc: effect(-.018, 0, .004) },
    thp: -.012, iomp: -.005, iompSlope: -.035, blocktime: .012, blocktimeSlope: -.040, blocktimeThp: -.004,
    ruggedness: .006, noise: .015, outlierProbability: 0 },
  { name: "C long sequence, best on all cores", cores: 80, coresPerPackage: 40, subNumaClusters: 1,
    oneCoreMs: 1500, sigma: .011, kappa: .00008, kappaIomp: .80, tiles: 240, tiled: .15, turbo: .12,
    crossing: .05, crossingLinear: .06, crossingIomp: .7, clusterStep: 0,
    allocators: { glibc: plain, tcmalloc: effect(-.012, -.014, -.012), jemalloc: effect(-.010, -.006, .010) },
    thp: -.030, iomp: -.015, iompSlope: -.065, blocktime: .010, blocktimeSlope: -.004, blocktimeThp: 0,
    ruggedness: .005, noise: .01, outlierProbability: 0 },
  { name: "D eager, short sequence, noisy", cores: 80, coresPerPackage: 40, subNumaClusters: 1,
    oneCoreMs: 45, sigma: .150, kappa: .0050, kappaIomp: .85, tiles: 64, tiled: 0, turbo: .10,
    crossing: .18, crossingLinear: .40, crossingIomp: 1, clusterStep: 0,
    allocators: { glibc: plain, tcmalloc: effect(-.045, -.075, -.012), jemalloc: effect(-.080, .045, .012) },
    thp: .010, iomp: .015, iompSlope: -.060, blocktime: .030, blocktimeSlope: -.080, blocktimeThp: .010,
    ruggedness: .010, noise: .03, outlierProbability: .02 },
  { name: "E batch, sub-NUMA clusters, tiled", cores: 56, coresPerPackage: 28, subNumaClusters: 2,
    oneCoreMs: 4200, sigma: .008, kappa: .00014, kappaIomp: 1.05, tiles: 96, tiled: .50, turbo: .15,
    crossing: .12, crossingLinear: .14, crossingIomp: 1.15, clusterStep: .025,
    allocators: { glibc: plain, tcmalloc: effect(.004, -.006, .012), jemalloc: effect(-.012, -.016, -.012) },
    thp: -.040, iomp: .012, iompSlope: .004, blocktime: .006, blocktimeSlope: -.030, blocktimeThp: .006,
    ruggedness: .006, noise: .015, outlierProbability: .01 },
  { name: "F rugged and deceptive", cores: 64, coresPerPackage: 32, subNumaClusters: 1,
    oneCoreMs: 300, sigma: .020, kappa: .0003, kappaIomp: .60, tiles: 96, tiled: .80, turbo: .12,
    crossing: .10, crossingLinear: .10, crossingIomp: .35, clusterStep: 0,
    allocators: { glibc: plain, tcmalloc: effect(.015, -.075, -.075), jemalloc: effect(-.040, .030, .010) },
    thp: .025, iomp: .060, iompSlope: -.090, blocktime: .045, blocktimeSlope: -.070, blocktimeThp: -.030,
    ruggedness: .012, noise: .03, outlierProbability: .02 },
];

const machines = [
  { cores: 32, subNumaClusters: [1] },
  { cores: 48, subNumaClusters: [1, 2] },
  { cores: 56, subNumaClusters: [1, 2] },
  { cores: 64, subNumaClusters: [1, 2, 4] },
  { cores: 80, subNumaClusters: [1, 1, 2] },
  { cores: 96, subNumaClusters: [1, 2, 4] },
  { cores: 112, subNumaClusters: [1, 2] },
] as const;

/**
 * A random shape. Every range is the hull of the values of A to E, and for one shape in five that of A to
 * F; what acts multiplicatively (latency, contention, noise) is drawn log-uniformly. Coherence is drawn through the core count where scaling
 * alone would be best, √((1 − σ)/κ), from a sixth of the machine to twice it, for independent draws of
 * σ and κ would nearly always put the optimum at an end. Two shapes in five feel no tiling, as A and D.
 */
export function randomShape(name: string, random: RandomSource): TableShape {
  const machine = pick(machines, random);
  const deceptive = random.uniform() < 0.2;
  const cores = machine.cores;
  const sigma = logBetween(0.008, 0.15, random);
  const turningPoint = logBetween(cores / 6, 2 * cores, random);
  const subNumaClusters = pick<number>(machine.subNumaClusters, random);
  return {
    ...knobEffects(deceptive, random),
    name,
    cores,
    coresPerPackage: cores / 2,
    subNumaClusters,
    oneCoreMs: logBetween(30, 4200, random),
    sigma,
    kappa: (1 - sigma) / turningPoint ** 2,
    kappaIomp: between(deceptive ? 0.6 : 0.8, 1.05, random),
    tiles: 4 * (12 + random.below(53)),
    tiled: random.uniform() < 0.4 ? 0 : between(0.1, deceptive ? 0.8 : 0.5, random),
    turbo: between(0.1, 0.15, random),
    crossing: between(0.05, 0.22, random),
    crossingLinear: between(0.06, 0.5, random),
    crossingIomp: between(deceptive ? 0.35 : 0.7, 1.15, random),
    clusterStep: subNumaClusters === 1 ? 0 : between(0.005, 0.035, random),
    ruggedness: logBetween(0.005, deceptive ? 0.012 : 0.01, random),
    noise: logBetween(0.01, 0.03, random),
    outlierProbability: random.uniform() < 0.5 ? 0 : between(0.005, 0.02, random),
  };
}

type KnobEffects = Pick<
  TableShape,
  "allocators" | "thp" | "iomp" | "iompSlope" | "blocktime" | "blocktimeSlope" | "blocktimeThp"
>;

function knobEffects(deceptive: boolean, random: RandomSource): KnobEffects {
  const allocator = (): AllocatorEffect =>
    effect(
      between(-0.08, deceptive ? 0.015 : 0.004, random),
      between(-0.075, 0.045, random),
      between(deceptive ? -0.075 : -0.012, 0.012, random),
    );
  return {
    allocators: { glibc: plain, tcmalloc: allocator(), jemalloc: allocator() },
    thp: between(-0.04, deceptive ? 0.025 : 0.01, random),
    iomp: between(-0.015, deceptive ? 0.06 : 0.015, random),
    iompSlope: between(deceptive ? -0.09 : -0.065, 0.004, random),
    blocktime: between(0.006, deceptive ? 0.045 : 0.03, random),
    blocktimeSlope: between(-0.08, -0.004, random),
    blocktimeThp: between(deceptive ? -0.03 : -0.004, 0.01, random),
  };
}

function between(low: number, high: number, random: RandomSource): number {
  return low + (high - low) * random.uniform();
}

function logBetween(low: number, high: number, random: RandomSource): number {
  return low * (high / low) ** random.uniform();
}

function pick<T>(items: readonly T[], random: RandomSource): T {
  return items[random.below(items.length)] as T;
}
