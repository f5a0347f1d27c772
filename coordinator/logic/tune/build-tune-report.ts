import type { Cell } from "../../../shared/domain/cell.ts";
import type { LogState, Sweep } from "../../../shared/domain/fold.ts";
import type { Objective } from "../../../shared/domain/tune.ts";
import { studyPosterior } from "../../tuner/gaussian-process.ts";
import type { Study } from "../../tuner/study.ts";
import { bruteForceIn } from "./brute-force-comparison.ts";
import { type Contest, contestOf } from "./confirmation.ts";
import { confirmationOf } from "./confirmation-result.ts";
import { importanceOf } from "./importance.ts";
import { paretoTrials } from "./pareto.ts";
import type { Prior } from "./prior.ts";
import { searchNotes } from "./search-notes.ts";
import { displayed, trialP99Ms, trialValue } from "./trial-value.ts";
import type { Recommendation, SettingValue, TrialRow, TuneReport } from "./tune-report.ts";
import { type Trial, type TuneState, tuneState } from "./tune-state.ts";
import { hostFactors, tuneStudy } from "./tune-study.ts";

export interface TuneReportInput {
  readonly sweep: Sweep;
  readonly state: LogState;
  readonly prior: Prior | null;
  /** A cell's settings for a shell on the tune's first host. */
  readonly settingsOf: (cell: Cell) => readonly string[];
}

/** Null where the sweep is no tune. */
export function buildTuneReport(input: TuneReportInput): TuneReport | null {
  const tune = tuneState(input.sweep);
  if (tune === null) return null;
  const { plan } = tune;
  const { study } = tuneStudy(tune, input.prior);
  const contest = contestOf(tune, input.prior);
  const trials = trialRows(tune);
  return {
    sweepId: tune.sweepId,
    name: input.sweep.submitted?.name ?? "",
    state: stateOf(input.sweep),
    ended: tune.ended,
    settings: plan.settings,
    hostIds: plan.hostIds,
    configurations: study.space.configurations.length,
    knobs: study.space.knobs.map(({ name }) => name),
    untuned: { cell: plan.untuned, values: meanOf(tune.calibrations, tune) },
    trials,
    recommended: contest === null ? null : recommend(contest, { tune, study, input }),
    confirmation: confirmationOf(tune, contest, input.state),
    importance: importanceOf(study, plan.untuned),
    pareto: paretoTrials(trials, plan.settings.objectives),
    notes: searchNotes(tune, study),
    bruteForce: contest === null ? null : bruteForceIn(tune, contest.recommended, input.state),
  };
}

function stateOf({ phase }: Sweep): TuneReport["state"] {
  if (phase === "sealed") return "done";
  return phase === "cancelled" ? "cancelled" : "running";
}

/** Values on the mean host of the tune, so that trials of several hosts compare. */
function valuesOf(trial: Trial, tune: TuneState): readonly (number | null)[] {
  const factor = hostFactors(tune).get(trial.hostId) ?? 1;
  return tune.plan.settings.objectives.map((objective) => {
    const found = trialValue(trial, objective);
    return found === null ? null : displayed(found.value / factor, objective);
  });
}

function meanOf(trials: readonly Trial[], tune: TuneState): readonly (number | null)[] {
  return tune.plan.settings.objectives.map((objective) => {
    const found = trials.flatMap((trial) => trialValue(trial, objective)?.value ?? []);
    if (found.length === 0) return null;
    const logs = found.reduce((sum, value) => sum + Math.log(value), 0);
    return displayed(Math.exp(logs / found.length), objective);
  });
}

function trialRows(tune: TuneState): readonly TrialRow[] {
  const { objectives, p99LimitMs } = tune.plan.settings;
  let best: number | null = null;
  return tune.trials.map((trial, place): TrialRow => {
    const values = valuesOf(trial, tune);
    const p99Ms = trialP99Ms(trial);
    const allowed = p99LimitMs === null || (p99Ms !== null && p99Ms <= p99LimitMs);
    const [value = null] = values;
    if (allowed && value !== null && isBetter(value, best, objectives[0])) best = value;
    const { hostId, cell } = trial;
    const state = trial.state === "ok" && value === null ? "void" : trial.state;
    return { trial: place + 1, hostId, state, cell, values, p99Ms, best };
  });
}

function isBetter(value: number, best: number | null, objective: Objective | undefined): boolean {
  if (best === null) return true;
  return objective === "throughput" ? value > best : value < best;
}

function recommend(
  { recommended }: Contest,
  context: { readonly tune: TuneState; readonly study: Study; readonly input: TuneReportInput },
): Recommendation {
  const { tune, study, input } = context;
  const { objectives } = tune.plan.settings;
  const measured = tune.trials.find(({ cellId }) => cellId === recommended.cellId);
  const position = tune.candidates.findIndex(({ cellId }) => cellId === recommended.cellId);
  const mean = studyPosterior(study)?.mean[study.space.configurationOfCell[position] ?? -1];
  const [objective] = objectives;
  const single = objectives.length === 1 && tune.plan.settings.p99LimitMs === null;
  const value: SettingValue = {
    cell: recommended.cell,
    values: measured === undefined ? [] : valuesOf(measured, tune),
  };
  return {
    ...value,
    predicted:
      mean === undefined || objective === undefined || !single
        ? null
        : displayed(Math.exp(mean), objective),
    settings: input.settingsOf(recommended.cell),
  };
}
