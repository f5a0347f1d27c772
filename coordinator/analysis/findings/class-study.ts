import { groupBy } from "../../../shared/domain/group-by.ts";
import { combineEstimates } from "../../../shared/stats/combine-estimates.ts";
import type { Scope, Study } from "../findings.ts";
import type { HostStudy } from "./host-study.ts";
import { type MeasureOrReason, type RawMetric, toScalingMetric } from "./metric.ts";

/**
 * The metrics of a class: of each host first, then their random-effects mean, never pooled latencies. Curves
 * and fits stay with the hosts.
 */
export function studyClass(studies: readonly HostStudy[], scope: Scope): Study | null {
  const [first] = studies;
  if (first === undefined || studies.length < 2) return null;
  const raws = studies.flatMap(({ raw }) => raw);
  const named = groupBy(raws, ({ name, at }) => JSON.stringify([name, at]));
  const ofHosts = "fitted for each host";
  const absent = { value: null, reason: ofHosts } as const;
  return {
    scope,
    workload: first.study.workload,
    setting: first.study.setting,
    curve: [],
    baseCores: null,
    fits: {
      amdahl: { parameters: null, reason: ofHosts },
      usl: { parameters: null, reason: ofHosts },
      preferred: null,
      peakCores: { ...absent, unit: "cores" },
      kneeCores: { ...absent, unit: "cores" },
      crossingFactor: { ...absent, unit: "ratio" },
    },
    metrics: [...named.values()].flatMap((same) => {
      const [one] = same;
      return one === undefined ? [] : [toScalingMetric({ ...one, measure: combine(same) })];
    }),
  };
}

/** All hosts show a figure by the same function of the logarithm, so that of the first serves. */
function combine(metrics: readonly RawMetric[]): MeasureOrReason {
  const known = metrics.flatMap(({ measure }) => ("estimate" in measure ? [measure] : []));
  const [first] = known;
  const combined = combineEstimates(known.map(({ estimate }) => estimate));
  if (first === undefined || combined === null) {
    const reason = metrics.flatMap(({ measure }) =>
      "reason" in measure ? [measure.reason] : [],
    )[0];
    return { reason: reason ?? "no host has it" };
  }
  return { estimate: combined.estimate, show: first.show };
}
