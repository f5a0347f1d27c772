import type { Cell } from "../../../shared/domain/cell.ts";
import { bounds, type LogEstimate } from "../../../shared/stats/log-estimate.ts";
import type { MetricName, ScalingMetric } from "../findings.ts";
import type { Metric, Unit } from "../metric.ts";

/** An estimate in log space, and the rising or falling function that makes the shown figure of it. */
export interface Measure {
  readonly estimate: LogEstimate;
  /** From the logarithm to the figure; `exp` for a plain ratio. */
  readonly show: (log: number) => number;
}

/** A measure, or why there is none. */
export type MeasureOrReason = Measure | { readonly reason: string };

/** A metric of one host before it is shown, so that hosts of a class can be combined. */
export interface RawMetric {
  readonly name: MetricName;
  readonly at: Cell;
  readonly unit: Unit;
  readonly measure: MeasureOrReason;
  readonly cellIds: readonly string[];
}

export function toScalingMetric({ name, at, unit, measure, cellIds }: RawMetric): ScalingMetric {
  return { name, at, figure: toMetric(measure, unit), cellIds };
}

export function toMetric(measure: MeasureOrReason, unit: Unit): Metric {
  if ("reason" in measure) return { value: null, reason: measure.reason, unit };
  const { estimate, show } = measure;
  const reach = bounds(estimate);
  const ends = reach === null ? null : [show(reach.low), show(reach.high)].sort((a, b) => a - b);
  return {
    value: show(estimate.mean),
    low: ends?.[0] ?? null,
    high: ends?.[1] ?? null,
    n: estimate.n,
    unit,
  };
}

/** The measure of an estimate; where it is null, the reason instead. */
export function measureOf(
  estimate: LogEstimate | null,
  show: (log: number) => number,
  reason: string,
): MeasureOrReason {
  return estimate === null ? { reason } : { estimate, show };
}

/** A figure without an interval. */
export function exactly(value: number, n: number, unit: Unit): Metric {
  return { value, low: value, high: value, n, unit };
}
