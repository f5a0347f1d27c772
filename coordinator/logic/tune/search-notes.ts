import { countOf } from "../../../shared/domain/text-layout.ts";
import { expectedGainOfOneTrial, stoppingRule } from "../../tuner/stopping.ts";
import type { Study } from "../../tuner/study.ts";
import { isVoid } from "./trial-value.ts";
import type { TuneState } from "./tune-state.ts";

/** SigOpt's rule: the best of the last trials is no better than the fifth best of those before. */
const stagnation = { trialsPerKnob: 5, rank: 5 } as const;

/** What to know about how the search went, in sentences. */
export function searchNotes(tune: TuneState, study: Study): readonly string[] {
  const failed = tune.trials.filter(({ state }) => state === "failed").length;
  const unusable = tune.trials.filter((trial) => isVoid(trial, tune)).length;
  const unknownTail =
    tune.plan.settings.p99LimitMs !== null &&
    tune.trials.some(({ launches }) => launches.some(({ figures }) => figures.p99Ns === null));
  return [
    ...(failed > 0 ? [`${countOf(failed, "trial")} failed; what failed is never recommended`] : []),
    ...(unusable > 0
      ? [
          `${countOf(unusable, "trial")} without a launch that can be used; \`fleetsweep report ${tune.sweepId}\` says why`,
        ]
      : []),
    ...(unknownTail
      ? [
          "trials with fewer calls than a 99th percentile needs (299) cannot show that they keep the limit",
        ]
      : []),
    ...stagnationNotes(study),
    ...promiseNotes(tune, study),
  ];
}

function stagnationNotes({ observations, space }: Study): readonly string[] {
  const window = stagnation.trialsPerKnob * Math.max(1, space.knobs.length);
  const values = observations.flatMap(({ value }) => value ?? []);
  const earlier = values.slice(0, -window).sort((a, b) => a - b);
  const fifth = earlier[stagnation.rank - 1];
  if (fifth === undefined || Math.min(...values.slice(-window)) < fifth) return [];
  return [`the last ${window} trials found nothing among the best five: the search stagnates`];
}

function promiseNotes(tune: TuneState, study: Study): readonly string[] {
  const enough = study.observations.length >= stoppingRule.minimumTrials;
  if (!enough || tune.plan.settings.strategy !== "gaussian-process") return [];
  const gain = expectedGainOfOneTrial(study);
  if (!Number.isFinite(gain)) return [];
  return [`one more trial is expected to gain ${(100 * gain).toFixed(2)} %`];
}
