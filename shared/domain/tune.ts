import type { Cell } from "./cell.ts";

/** What a tune is to find the best of. Energy is joules per sample, where the host tells. */
export const objectives = ["latency", "throughput", "energy"] as const;
export type Objective = (typeof objectives)[number];

export const tuneStrategies = ["gaussian-process", "one-factor", "random", "brute-force"] as const;
export type TuneStrategy = (typeof tuneStrategies)[number];

/** How a tune searches, as its operator asked for it. */
export interface TuneSettings {
  /** One to be the best of, or two whose trade-off is wanted. */
  readonly objectives: readonly Objective[];
  /** The 99th percentile of a call's time that the settings must keep, in ms; null for no limit. */
  readonly p99LimitMs: number | null;
  readonly strategy: TuneStrategy;
  /** Most trials, those of the untuned settings not counted. */
  readonly trials: number;
  /** No trial begins later than this after the submission; null for no such limit. */
  readonly minutes: number | null;
  readonly seed: number;
  /** Most hosts that measure at the same time. */
  readonly hosts: number;
  /** End before the budget once another trial promises nothing. */
  readonly stopEarly: boolean;
  /** Launches of each side of the last comparison; 0 leaves it out. */
  readonly confirmLaunches: number;
  /** An earlier tune whose model is the starting point; null for none. */
  readonly warmStart: string | null;
}

export const defaultTune: TuneSettings = {
  objectives: ["latency"],
  p99LimitMs: null,
  strategy: "gaussian-process",
  trials: 40,
  minutes: null,
  seed: 1,
  hosts: 4,
  stopEarly: true,
  confirmLaunches: 8,
  warmStart: null,
};

/** What a tune's `submitted` event holds, so that any coordinator goes on identically. */
export interface TunePlan {
  readonly settings: TuneSettings;
  /** Hosts of one class that measure; each measures the untuned settings first. */
  readonly hostIds: readonly string[];
  readonly candidateCount: number;
  /** Cores of one package of the hosts; null where packages differ. */
  readonly coresPerPackage: number | null;
  /** The settings of a host that nobody tuned. */
  readonly untuned: Cell;
}

/** Shards of a tune are named after what they are for. */
export const tuneShards = {
  candidates: (part: number): string => `c${String(part).padStart(4, "0")}`,
  calibration: (host: number): string => `cal-${host}`,
  trial: (number: number): string => `t${String(number).padStart(4, "0")}`,
  isCalibration: (shardId: string): boolean => shardId.startsWith("cal-"),
  isTrial: (shardId: string): boolean => /^t\d+$/.test(shardId),
} as const;

/** The sweep that compares a tune's winner with the untuned settings once more. */
export function confirmationId(sweepId: string): string {
  return `${sweepId}-confirm`;
}
