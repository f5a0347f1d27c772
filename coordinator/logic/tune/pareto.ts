import type { Objective } from "../../../shared/domain/tune.ts";
import type { TrialRow } from "./tune-report.ts";

/** Numbers of the trials that no other is at least as good as in both objectives; none for one objective. */
export function paretoTrials(
  trials: readonly TrialRow[],
  objectives: readonly Objective[],
): readonly number[] {
  if (objectives.length < 2) return [];
  const known = trials.flatMap(({ trial, values }) => {
    const costs = values.map((value, k) => (value === null ? null : costOf(value, objectives[k])));
    return costs.includes(null) ? [] : [{ trial, costs: costs.filter((cost) => cost !== null) }];
  });
  const isBeaten = (own: readonly number[]): boolean =>
    known.some(({ costs }) => {
      const noWorse = costs.every((cost, k) => cost <= (own[k] ?? 0));
      return noWorse && costs.some((cost, k) => cost < (own[k] ?? 0));
    });
  return known.filter(({ costs }) => !isBeaten(costs)).map(({ trial }) => trial);
}

function costOf(value: number, objective: Objective | undefined): number {
  return objective === "throughput" ? -value : value;
}
