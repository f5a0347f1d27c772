import type { CountedLaunch } from "../../../shared/domain/shard.ts";
import type { Objective } from "../../../shared/domain/tune.ts";
import type { Trial, TuneState } from "./tune-state.ts";

/** What was measured of one objective, so that less is better: a throughput as seconds per sample. */
export interface TrialValue {
  readonly value: number;
  readonly launches: number;
}

/**
 * The geometric mean over a trial's usable launches: ms for latency, s per sample for throughput, J per
 * sample for energy. Null where no launch tells.
 */
export function trialValue(trial: Trial, objective: Objective): TrialValue | null {
  if (trial.state !== "ok") return null;
  const values = launchValues(trial.launches, objective);
  if (values.length === 0) return null;
  const mean = values.reduce((sum, value) => sum + Math.log(value), 0) / values.length;
  return { value: Math.exp(mean), launches: values.length };
}

/** The objective of each launch that its verdict did not make void and that tells it. */
export function launchValues(launches: readonly CountedLaunch[], objective: Objective): number[] {
  return launches
    .filter(({ invalid }) => !invalid)
    .map((launch) => costOf(launch, objective))
    .filter((value) => value !== null);
}

/** The worst 99th percentile of the usable launches in ms; null where too few calls were made for one. */
export function trialP99Ms({ launches }: Trial): number | null {
  const tails = launches.filter(({ invalid }) => !invalid).map(({ figures }) => figures.p99Ns);
  const known = tails.filter((tail) => tail !== null);
  return known.length === 0 ? null : Math.max(...known) / 1e6;
}

export function costOf(launch: CountedLaunch, objective: Objective): number | null {
  const { samplesPerSecond, joulesPerSample } = launch.figures;
  switch (objective) {
    case "latency":
      return launch.medianNs === null ? null : launch.medianNs / 1e6;
    case "throughput":
      return samplesPerSecond === null || samplesPerSecond <= 0 ? null : 1 / samplesPerSecond;
    case "energy":
      return joulesPerSample;
  }
}

/** A cost as people read the objective: a throughput is the reciprocal of its cost. */
export function displayed(cost: number, objective: Objective): number {
  return objective === "throughput" ? 1 / cost : cost;
}

/** Measured, but no launch tells the first objective: all are void, or the host does not say. */
export function isVoid(trial: Trial, { plan }: TuneState): boolean {
  const [objective = "latency"] = plan.settings.objectives;
  return trial.state === "ok" && trialValue(trial, objective) === null;
}
