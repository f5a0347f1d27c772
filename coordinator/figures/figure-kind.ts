import type { Report } from "../analysis/report.ts";
import type { FigureSpec } from "./figure-spec.ts";

/** One picture that can be made of a sweep. A new one is a file with such a value and a registry line. */
export interface FigureKind {
  /** As `fleetsweep figure SWEEP NAME` takes it. */
  readonly name: string;
  /** The question that it answers, for lists. */
  readonly answers: string;
  /** The specification, or why there is nothing to draw: never an empty frame. */
  readonly specify: (report: Report) => FigureSpec | NoFigure;
}

export interface NoFigure {
  readonly absent: string;
}
