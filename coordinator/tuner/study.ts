import { type EncodedSpace, encodeSpace } from "./encoded-space.ts";
import type { Space } from "./space.ts";

/** The outcome of one trial, in the order in which trials ended. */
export interface Observation {
  /** Position in the space's configurations. */
  readonly configuration: number;
  /** What is to be low, above 0 (for a throughput: its reciprocal); null where the trial failed. */
  readonly value: number | null;
  /** Launches that the value is the geometric mean of; 1 where absent. */
  readonly launches?: number;
}

/**
 * Everything that a suggestion depends on. Nothing else is remembered between suggestions, so a tune
 * goes on from its list of observations after any interruption.
 */
export interface Study {
  readonly space: Space;
  readonly encoded: EncodedSpace;
  readonly observations: readonly Observation[];
  /** Configurations that are being measured, each as often as it was handed out. */
  readonly pending: readonly number[];
  readonly seed: number;
  /** Where one-factor-at-a-time begins: the untuned settings. */
  readonly start: number;
  /** Useful visits of each configuration, by position; the empty list sets no limit. */
  readonly visitLimits: readonly number[];
  /**
   * Log values that an earlier study of a like host predicts, by position, up to a constant; the model
   * then learns the difference only (Golovin et al. 2017, section 3.3). Null for none.
   */
  readonly prior: Float64Array | null;
}

export interface StudyOptions {
  readonly seed: number;
  readonly start?: number;
  readonly visitLimits?: readonly number[];
  readonly prior?: Float64Array | null;
}

/** A study without observations. */
export function makeStudy(space: Space, options: StudyOptions): Study {
  return {
    space,
    encoded: encodeSpace(space),
    observations: [],
    pending: [],
    seed: options.seed,
    start: options.start ?? 0,
    visitLimits: options.visitLimits ?? [],
    prior: options.prior ?? null,
  };
}

/** The study once the trial has ended; it is pending no more. */
export function withObservation(study: Study, observation: Observation): Study {
  const place = study.pending.indexOf(observation.configuration);
  return {
    ...study,
    observations: [...study.observations, observation],
    pending: study.pending.filter((_, position) => position !== place),
  };
}

/** The study while the configurations are being measured. */
export function withPending(study: Study, configurations: readonly number[]): Study {
  return { ...study, pending: [...study.pending, ...configurations] };
}

/**
 * Configurations that may be visited (again): none that failed, and none that is being or was visited
 * as often as is useful.
 */
export function isOpen(study: Study): (configuration: number) => boolean {
  const visits = new Map<number, number>();
  const failed = new Set<number>();
  for (const { configuration, value } of study.observations) {
    visits.set(configuration, (visits.get(configuration) ?? 0) + 1);
    if (value === null) failed.add(configuration);
  }
  for (const configuration of study.pending) {
    visits.set(configuration, (visits.get(configuration) ?? 0) + 1);
  }
  return (configuration) =>
    !failed.has(configuration) &&
    (visits.get(configuration) ?? 0) <
      (study.visitLimits[configuration] ?? Number.POSITIVE_INFINITY);
}

/** Configurations that were suggested before, measured or not. */
export function knownConfigurations(study: Study): Set<number> {
  return new Set([...study.observations.map((seen) => seen.configuration), ...study.pending]);
}

/** Geometric means of the successful visits, by configuration. */
export function observedMeans(study: Study): Map<number, number> {
  const sums = new Map<number, { logs: number; launches: number }>();
  for (const { configuration, value, launches = 1 } of study.observations) {
    if (value === null) continue;
    const sum = sums.get(configuration) ?? { logs: 0, launches: 0 };
    sum.logs += launches * Math.log(value);
    sum.launches += launches;
    sums.set(configuration, sum);
  }
  return new Map([...sums].map(([key, { logs, launches }]) => [key, Math.exp(logs / launches)]));
}

/** The configuration with the lowest value; null of none. The first of equals. */
export function lowest(values: ReadonlyMap<number, number>): number | null {
  let best: number | null = null;
  let bestValue = Number.POSITIVE_INFINITY;
  for (const [configuration, value] of values) {
    if (value >= bestValue) continue;
    best = configuration;
    bestValue = value;
  }
  return best;
}
