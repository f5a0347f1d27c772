import { type LaunchBounds, logInterval } from "../../shared/stats/interval.ts";
import { allowsPercentile } from "../../shared/stats/percentile-guard.ts";
import type { Figure, LaunchCounts, LaunchValue } from "./report.ts";
import type { ReportCell, ReportLaunch, ServerLoad } from "./report-input.ts";

export type MeasuredLaunch = Extract<ReportLaunch, { type: "measured" }>;

export interface CellFigures {
  readonly launches: LaunchCounts;
  readonly medianNs: Figure;
  readonly launchNs: readonly LaunchValue[];
  readonly p90Ns: number | null;
  readonly pooledCalls: number;
  readonly samplesPerSecond: number;
  /** The same with its interval. */
  readonly throughput: Figure;
  /** Means over the launches, `unserved` their sum; null where calls did not come by a schedule. */
  readonly load: ServerLoad | null;
}

/** What was measured of a cell, failed launches left out. */
export function measuredLaunches(cell: ReportCell): readonly MeasuredLaunch[] {
  return cell.launches.filter((launch) => launch.type === "measured");
}

/** The launches that figures may rest on: an invalid one is shown and never used. */
export function usableLaunches(cell: ReportCell): readonly MeasuredLaunch[] {
  return measuredLaunches(cell).filter((launch) => launch.verdict.status !== "invalid");
}

/**
 * The figures of a cell; null where nothing was measured. Where every launch is invalid they are those
 * of the invalid launches, for the reader to see and the verdict to void.
 */
export function cellFigures(
  cell: ReportCell,
  bounds: LaunchBounds | null = null,
): CellFigures | null {
  const measured = measuredLaunches(cell);
  const usable = usableLaunches(cell);
  const shown = usable.length > 0 ? usable : measured;
  if (shown.length === 0) return null;
  const pooledCalls = cell.pooled?.count ?? 0;
  const throughput = toFigure(
    shown.map((launch) => launch.samplesPerSecond),
    bounds,
  );
  return {
    launches: {
      used: usable.length,
      invalid: measured.length - usable.length,
      failed: cell.launches.length - measured.length,
    },
    medianNs: toFigure(
      shown.map((launch) => launch.medianNs),
      bounds,
    ),
    launchNs: usable.map(({ launch, medianNs }) => [launch, medianNs]),
    p90Ns: allowsPercentile(90, pooledCalls) ? (cell.pooled?.p90Ns ?? null) : null,
    pooledCalls,
    samplesPerSecond: throughput.value,
    throughput,
    load: meanLoad(shown.flatMap((launch) => launch.load ?? [])),
  };
}

function meanLoad(loads: readonly ServerLoad[]): ServerLoad | null {
  if (loads.length === 0) return null;
  const sum = (pick: (load: ServerLoad) => number): number =>
    loads.reduce((total, load) => total + pick(load), 0);
  return {
    offeredPerSecond: sum((load) => load.offeredPerSecond) / loads.length,
    achievedPerSecond: sum((load) => load.achievedPerSecond) / loads.length,
    utilisation: sum((load) => load.utilisation) / loads.length,
    unserved: sum((load) => load.unserved),
  };
}

/**
 * The geometric mean of positive values with its 95 % interval by Student's t on the logarithms; without
 * bounds for one value. A rate of 0 makes the mean 0. `chosen`: see `logInterval`.
 */
export function toFigure(values: readonly number[], chosen: LaunchBounds | null = null): Figure {
  const none = { low: null, high: null, halfWidth: null };
  const [first = 0] = values;
  if (values.length < 2) return { value: first, ...none };
  if (values.some((value) => value <= 0)) return { value: 0, ...none };
  const interval = logInterval(values, chosen);
  if (interval === null) return { value: first, ...none };
  const { estimate, low, high, halfWidth } = interval;
  return { value: estimate, low, high, halfWidth };
}
