import { canonicalCell } from "../../../shared/domain/cell.ts";
import { studyPosterior } from "../../tuner/gaussian-process.ts";
import type { Prior } from "./prior.ts";
import type { TuneState } from "./tune-state.ts";
import { tuneStudy } from "./tune-study.ts";

/** Null where the earlier tune measured nothing, or was after another objective. */
export function warmPrior(earlier: TuneState, state: TuneState): Prior | null {
  const wanted = state.plan.settings.objectives.join();
  if (earlier.plan.settings.objectives.join() !== wanted) return null;
  const { study } = tuneStudy(earlier);
  const posterior = studyPosterior(study);
  if (posterior === null) return null;
  return new Map(
    earlier.candidates.map(({ cell }, position) => {
      const configuration = study.space.configurationOfCell[position] ?? 0;
      return [canonicalCell(cell), posterior.mean[configuration] ?? 0];
    }),
  );
}
