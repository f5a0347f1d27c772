import type { TuneReport } from "../../logic/tune/tune-report.ts";
import type { FigureSpec } from "../figure-spec.ts";
import { defaultCosts } from "./default-costs.ts";
import { knobVariance } from "./knob-variance.ts";
import { parallel } from "./parallel.ts";
import { search } from "./search.ts";
import { slices } from "./slices.ts";
import { tradeOff } from "./trade-off.ts";
import type { TuneFigure } from "./tune-figure.ts";

/** Every picture of a tune, in the order of its page. */
export const tuneFigures: readonly TuneFigure[] = [
  search,
  tradeOff,
  defaultCosts,
  knobVariance,
  slices,
  parallel,
];

export interface SpecifiedTuneFigures {
  readonly shown: readonly { readonly figure: TuneFigure; readonly spec: FigureSpec }[];
  /** Why the others have nothing to show. */
  readonly absent: readonly string[];
}

export function specifyTuneFigures(report: TuneReport): SpecifiedTuneFigures {
  const specified = tuneFigures.map((figure) => ({ figure, spec: figure.specify(report) }));
  return {
    shown: specified.flatMap(({ figure, spec }) => ("absent" in spec ? [] : [{ figure, spec }])),
    absent: specified.flatMap(({ figure, spec }) =>
      "absent" in spec ? [`${figure.name}: ${spec.absent}`] : [],
    ),
  };
}
