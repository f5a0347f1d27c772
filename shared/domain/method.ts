/** How precisely and how long a sweep measures. */
export interface Method {
  readonly precision: Precision;
  /** Relative half-width of the 95 % interval at which a cell is done. */
  readonly targetHalfWidth: number;
  readonly minLaunches: number;
  readonly maxLaunches: number;
  readonly minCalls: number;
  readonly minSeconds: number;
  readonly maxSeconds: number;
  readonly warmupMaxSeconds: number;
  readonly maxCalls: number;
  /** `grouped`: cells that share process-level knobs are measured by one process. */
  readonly isolation: "grouped" | "process-per-cell";
  /** Seeds every shuffle; recorded with the sweep. */
  readonly seed: number;
  /** Bounds each step of a launch: its start, and each cell's warm-up and timed calls. Longer is a failure. */
  readonly launchTimeoutSeconds: number;
  readonly noise: NoisePolicy;
  /** False: all launches of a group run before the next group's, so that a drift of the host falls on some cells only. */
  readonly interleave: boolean;
  /** A cell that has taken so long on a host, over all its launches, is done with what it has. Null: no limit. */
  readonly maxCellSeconds: number | null;
  /** An open sweep that is older is cancelled. Null: no limit. */
  readonly maxSweepSeconds: number | null;
}

/**
 * What an invalid launch is answered with. `retry`: it is measured again, within a bound. `flag`: it
 * counts as one of the launches. `wait`: as `retry`, and a launch begins only when the host is quiet,
 * within a bound.
 */
export type NoisePolicy = (typeof noisePolicies)[number];

export const noisePolicies = ["retry", "flag", "wait"] as const;

export type Precision = "smoke" | "quick" | "normal" | "final";

const common = {
  minCalls: 64,
  maxCalls: 10_000,
  warmupMaxSeconds: 60,
  isolation: "grouped",
  seed: 1,
  launchTimeoutSeconds: 900,
  noise: "retry",
  interleave: true,
  maxCellSeconds: null,
  maxSweepSeconds: null,
} as const;

/** Precision modes; `smoke` is one launch and never a verdict. */
export const precisionModes: Readonly<Record<Precision, Method>> = {
  smoke: {
    ...common,
    precision: "smoke",
    targetHalfWidth: Number.POSITIVE_INFINITY,
    minLaunches: 1,
    maxLaunches: 1,
    minCalls: 16,
    minSeconds: 0.2,
    maxSeconds: 5,
    warmupMaxSeconds: 5,
  },
  quick: {
    ...common,
    precision: "quick",
    targetHalfWidth: 0.02,
    minLaunches: 5,
    maxLaunches: 20,
    minSeconds: 1,
    maxSeconds: 20,
    warmupMaxSeconds: 20,
  },
  normal: {
    ...common,
    precision: "normal",
    targetHalfWidth: 0.01,
    minLaunches: 5,
    maxLaunches: 20,
    minSeconds: 5,
    maxSeconds: 60,
  },
  final: {
    ...common,
    precision: "final",
    targetHalfWidth: 0.005,
    minLaunches: 5,
    maxLaunches: 20,
    minSeconds: 5,
    maxSeconds: 60,
  },
};
