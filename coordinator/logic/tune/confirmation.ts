import type { PlannedCell } from "../../../shared/domain/log-event.ts";
import type { Method } from "../../../shared/domain/method.ts";
import { lowest, observedMeans } from "../../tuner/study.ts";
import { cellOf, strategyOf } from "./next-trial.ts";
import type { Prior } from "./prior.ts";
import type { TuneState } from "./tune-state.ts";
import { tuneStudy } from "./tune-study.ts";

/** What a tune recommends, and what else goes into the last comparison. */
export interface Contest {
  readonly untuned: PlannedCell;
  /** By the model: noise made nothing of it. */
  readonly recommended: PlannedCell;
  /** The best observed, where that is another. */
  readonly runnerUp: PlannedCell | null;
}

/** Null where no trial succeeded. */
export function contestOf(state: TuneState, prior: Prior | null): Contest | null {
  const { study } = tuneStudy(state, prior);
  const choice = strategyOf(state.plan.settings.strategy).recommend(study);
  const observed = lowest(observedMeans(study));
  const recommended = choice === null ? undefined : cellOf(state, study, choice);
  const [calibration] = state.calibrations;
  if (recommended === undefined || calibration === undefined) return null;
  const best = observed === null ? undefined : cellOf(state, study, observed);
  const { cellId, cell } = calibration;
  return {
    untuned: { cellId, cell },
    recommended,
    runnerUp: best === undefined || best.cellId === recommended.cellId ? null : best,
  };
}

/** The cells to compare once more, each once: fewer than two leave nothing to compare. */
export function contestCells({ untuned, recommended, runnerUp }: Contest): readonly PlannedCell[] {
  const all = [untuned, recommended, ...(runnerUp === null ? [] : [runnerUp])];
  return all.filter(
    ({ cellId }, place) => all.findIndex((cell) => cell.cellId === cellId) === place,
  );
}

/**
 * Both sides measured anew, in turns, equally often: the best of many trials looks better than it is,
 * and only a second look says by how much.
 */
export function contestMethod(method: Method, launches: number): Method {
  return { ...method, minLaunches: launches, maxLaunches: launches, interleave: true };
}
