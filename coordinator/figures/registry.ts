import type { Report } from "../analysis/report.ts";
import { bars } from "./bars.ts";
import { baseline } from "./baseline.ts";
import { best } from "./best.ts";
import { calls } from "./calls.ts";
import { canaries } from "./canaries.ts";
import { course } from "./course.ts";
import { coverage } from "./coverage.ts";
import { efficiency } from "./efficiency.ts";
import type { FigureKind } from "./figure-kind.ts";
import type { FigureSpec } from "./figure-spec.ts";
import type { FigureStyle } from "./figure-style.ts";
import { ladder } from "./ladder.ts";
import { latency } from "./latency.ts";
import { laws } from "./laws.ts";
import { order } from "./order.ts";
import { pareto } from "./pareto.ts";
import { scalingMetrics } from "./scaling.ts";
import { socketLatency, socketThroughput } from "./sockets.ts";
import { speedUp } from "./speed-up.ts";

/** Every picture, in the order of a page. */
export const figureKinds: readonly FigureKind[] = [
  latency,
  bars,
  speedUp,
  laws,
  baseline,
  scalingMetrics,
  socketThroughput,
  socketLatency,
  pareto,
  best,
  efficiency,
  ladder,
  calls,
  course,
  order,
  canaries,
  coverage,
];

/** Pictures that stand for each other in the two styles. */
const onlyIn: Readonly<Record<string, FigureStyle>> = { latency: "lines", bars: "blog" };

export function kindsInStyle(style: FigureStyle): readonly FigureKind[] {
  return figureKinds.filter(({ name }) => (onlyIn[name] ?? style) === style);
}

/** The picture of that name; undefined where there is none. */
export function findKind(name: string): FigureKind | undefined {
  return figureKinds.find((kind) => kind.name === name);
}

export interface SpecifiedFigures {
  readonly shown: readonly { readonly kind: FigureKind; readonly spec: FigureSpec }[];
  /** Pictures that have nothing to show, each with its reason. */
  readonly left: readonly { readonly kind: FigureKind; readonly reason: string }[];
}

/** Every picture of a report that has something to show, and why the others have not. */
export function specifyFigures(report: Report, style: FigureStyle): SpecifiedFigures {
  const all = kindsInStyle(style).map((kind) => ({ kind, spec: kind.specify(report) }));
  return {
    shown: all.flatMap(({ kind, spec }) => ("absent" in spec ? [] : [{ kind, spec }])),
    left: all.flatMap(({ kind, spec }) =>
      "absent" in spec ? [{ kind, reason: spec.absent }] : [],
    ),
  };
}
