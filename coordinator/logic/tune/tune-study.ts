import type { Cell } from "../../../shared/domain/cell.ts";
import { makeStudy, type Observation, type Study } from "../../tuner/study.ts";
import { type Prior, priorOf } from "./prior.ts";
import { type CostWeights, scalarCost, weightsOf } from "./scalar-cost.ts";
import { trialP99Ms, trialValue } from "./trial-value.ts";
import { tuneSpace } from "./tune-space.ts";
import type { Trial, TuneState } from "./tune-state.ts";

/** A tune's trials as the tuner sees them. Pure: the same log gives the same study. */
export interface TuneStudy {
  readonly study: Study;
  /** Position of each candidate's configuration, by cell id. */
  readonly configurationOf: ReadonlyMap<string, number>;
}

/** The study after the trials that have ended; those that run are pending. */
export function tuneStudy(state: TuneState, prior: Prior | null = null): TuneStudy {
  const { plan, candidates, trials } = state;
  const { settings } = plan;
  const space = tuneSpace(
    candidates.map(({ cell }) => cell),
    plan.coresPerPackage,
  );
  const configurationOf = new Map(
    candidates.map(({ cellId }, position) => [cellId, space.configurationOfCell[position] ?? 0]),
  );
  const fresh = makeStudy(space, {
    seed: settings.seed,
    start: nearestTo(
      plan.untuned,
      candidates,
      space.knobs.map(({ name }) => name),
    ),
    // A cell's launches end its trial: how often to repeat is the method's business.
    visitLimits: space.configurations.map(() => 1),
    prior: prior === null ? null : priorOf(space, prior),
  });
  const weights = weightsOf(trials.length, settings);
  const known = trials.flatMap((trial) => {
    const configuration = configurationOf.get(trial.cellId);
    return configuration === undefined ? [] : [{ trial, configuration }];
  });
  const running = known.filter(({ trial }) => trial.state === "running");
  const ended = known.filter(({ trial }) => trial.state !== "running");
  return {
    configurationOf,
    study: {
      ...fresh,
      observations: observe(ended, state, weights),
      pending: running.map(({ configuration }) => configuration),
    },
  };
}

interface KnownTrial {
  readonly trial: Trial;
  readonly configuration: number;
}

function observe(
  ended: readonly KnownTrial[],
  state: TuneState,
  weights: CostWeights,
): Observation[] {
  const { settings } = state.plan;
  const speedOf = hostFactors(state);
  const costs = ended.map(({ trial, configuration }) => {
    const factor = speedOf.get(trial.hostId) ?? 1;
    const figures = settings.objectives.map((objective) => trialValue(trial, objective));
    const values = figures.flatMap((figure) => (figure === null ? [] : [figure.value / factor]));
    const complete = values.length === settings.objectives.length;
    return {
      configuration,
      launches: figures[0]?.launches ?? 1,
      values: complete ? values : null,
      excess: excessOf(trial, settings.p99LimitMs),
    };
  });
  const scale = costs.flatMap(({ values }) => (values === null ? [] : [values]));
  return costs.map(({ configuration, launches, values, excess }) => {
    const value = values === null || excess === null ? null : scalarCost(values, scale, weights);
    return { configuration, launches, value: value === null ? null : value * (excess ?? 1) };
  });
}

/** A tail over its limit costs as the fourth power: the model sees a slope towards what is allowed. */
const excessPower = 4;

/** 1 within the limit, more beyond it; null where the tail is not known, so that nothing is claimed. */
function excessOf(trial: Trial, limitMs: number | null): number | null {
  if (limitMs === null) return 1;
  const tailMs = trialP99Ms(trial);
  return tailMs === null ? null : Math.max(1, tailMs / limitMs) ** excessPower;
}

/** How much slower each host is than their mean, by the untuned settings that all of them measured. */
export function hostFactors({ plan, calibrations }: TuneState): ReadonlyMap<string, number> {
  const [objective] = plan.settings.objectives;
  const values = calibrations.flatMap((trial): [string, number][] => {
    const figure = objective === undefined ? null : trialValue(trial, objective);
    return figure === null ? [] : [[trial.hostId, figure.value]];
  });
  const mean = values.reduce((sum, [, value]) => sum + Math.log(value), 0) / values.length;
  return new Map(values.map(([hostId, value]) => [hostId, value / Math.exp(mean)]));
}

/** The candidate that shares most knobs with the untuned settings; the first of equals. */
function nearestTo(
  untuned: Cell,
  candidates: readonly { readonly cell: Cell }[],
  knobs: readonly string[],
): number {
  const matches = candidates.map(
    ({ cell }) => knobs.filter((name) => cell[name] === untuned[name]).length,
  );
  return matches.indexOf(Math.max(...matches));
}
