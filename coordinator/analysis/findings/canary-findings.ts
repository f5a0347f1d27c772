import { fewestCanaryLaunches } from "../../../shared/domain/canary.ts";
import type { Cell } from "../../../shared/domain/cell.ts";
import { countOf } from "../../../shared/domain/text-layout.ts";
import type { Segment } from "../../../shared/stats/change-points.ts";
import {
  bounds,
  type LogEstimate,
  logMean,
  meanOf,
  twoSidedP,
} from "../../../shared/stats/log-estimate.ts";
import { logTrend } from "../../../shared/stats/log-trend.ts";
import {
  levelRules,
  levelsOf,
  type Moment,
  type Stretch,
  unusualStretches,
} from "../anomalies/stretches.ts";
import { describeShift, describeStretch, describeTime } from "../anomalies/time-words.ts";
import type { CanaryFinding, CanaryShift, CanaryVisit } from "../canary-finding.ts";
import { measuredLaunches, usableLaunches } from "../cell-figures.ts";
import type { Metric } from "../metric.ts";
import { splitAxes } from "../split-axes.ts";
import type { Canary } from "./canary-cells.ts";
import { launchesNeeded } from "./launches-needed.ts";
import { toMetric } from "./metric.ts";

const limits = {
  launches: fewestCanaryLaunches,
  /** Fewer launches are no stretch. */
  minLength: 4,
} as const;

/** What the launches of each canary's visits say of its host while the sweep lasted. */
export function findCanaries(canaries: readonly Canary[]): readonly CanaryFinding[] {
  const { varying } = splitAxes(canaries.map(({ cell }) => cell));
  return canaries.map(({ hostId, cell, visits }) => {
    const measured = visits.flatMap(toVisit).sort((a, b) => firstMs(a) - firstMs(b));
    const moments = measured
      .flatMap(({ launches }) => launches)
      .map(({ endedAtMs, medianNs }): Moment => ({ atMs: endedAtMs, log: Math.log(medianNs) }))
      .sort((a, b) => a.atMs - b.atMs);
    const name = nameOf(cell, varying);
    return {
      hostId,
      cell,
      name,
      visits: measured,
      plannedVisits: visits.length,
      ...judge(moments, visits.flatMap(measuredLaunches).length),
    };
  });
}

const alwaysNamed = ["model", "batch_size", "sequence_length", "placement", "cores"];

function nameOf(cell: Cell, varying: readonly string[]): string {
  return Object.entries(cell)
    .filter(([name]) => alwaysNamed.includes(name) || varying.includes(name))
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}

function toVisit(visit: Canary["visits"][number]): CanaryVisit[] {
  const launches = visit.terminal === "failed" ? [] : usableLaunches(visit);
  const estimate = logMean(launches.map(({ medianNs }) => medianNs));
  if (estimate === null) return [];
  return [
    {
      shardId: visit.shardId,
      cellId: visit.cellId,
      latencyNs: toMetric({ estimate, show: Math.exp }, "ns"),
      launches: launches.map(({ endedAtMs, medianNs }) => ({ endedAtMs, medianNs })),
    },
  ];
}

function firstMs({ launches }: CanaryVisit): number {
  return launches[0]?.endedAtMs ?? 0;
}

type Judgement = Pick<CanaryFinding, "drift" | "shifts" | "state" | "reason">;

function judge(moments: readonly Moment[], measured: number): Judgement {
  const trend = moments.length < limits.launches ? null : logTrend(moments);
  if (trend === null) {
    const found = countOf(measured, "launch");
    const usable = moments.length === measured ? found : `${moments.length} of ${found}`;
    const reason = `${usable} can be used, ${limits.launches} at different times are needed`;
    const drift: Metric = { value: null, reason, unit: "ratio" };
    return { drift, shifts: [], state: "not-enough-data", reason };
  }
  const segments = levelsOf(moments, limits);
  // A steady drift looks like steps too: it is told as what explains it better.
  const stretches = isSteps(moments, trend, segments) ? unusualStretches(moments, segments) : [];
  return {
    drift: toMetric({ estimate: trend, show: Math.exp }, "ratio"),
    shifts: stretches.map(toShift),
    ...conclude(moments, trend, stretches),
  };
}

function toShift({ inside, fromMs, toMs, log }: Stretch<Moment>): CanaryShift {
  const ratio = toMetric({ estimate: log, show: Math.exp }, "ratio");
  return { fromMs, toMs, launches: inside.length, ratio };
}

function conclude(
  moments: readonly Moment[],
  trend: LogEstimate,
  stretches: readonly Stretch<Moment>[],
): Pick<Judgement, "state" | "reason"> {
  const startMs = moments[0]?.atMs ?? 0;
  const lastedMs = (moments.at(-1)?.atMs ?? 0) - startMs;
  const over = `over ${countOf(moments.length, "launch")} in ${describeTime(lastedMs)}`;
  const least = Math.log1p(levelRules.minShift);
  const reach = bounds(trend);
  const [worst] = [...stretches].sort((a, b) => Math.abs(b.log.mean) - Math.abs(a.log.mean));
  if (worst !== undefined) {
    const when = describeStretch(worst.fromMs - startMs, worst.toMs - startMs);
    const others = stretches.length - 1;
    const count = others === 1 ? "once" : `${others} times`;
    const more = others === 0 ? "" : `, and was unusual ${count} more`;
    const shift = describeShift(worst.log.mean, bounds(worst.log));
    return { state: "drifted", reason: `took ${shift} than usual ${when}${more}, ${over}` };
  }
  if ((twoSidedP(trend) ?? 1) < levelRules.level && Math.abs(trend.mean) > least) {
    const shift = describeShift(trend.mean, reach);
    return { state: "drifted", reason: `took ${shift} at the end than at the beginning, ${over}` };
  }
  const most = reach === null ? Number.POSITIVE_INFINITY : Math.max(-reach.low, reach.high);
  const percent = Number((100 * Math.expm1(most)).toPrecision(2));
  if (most < least) return { state: "steady", reason: `stayed within ±${percent} % ${over}` };
  const needed = countOf(launchesNeeded(trend, least), "launch");
  const reason = `may have drifted by up to ${percent} % ${over}: about ${needed} would tell`;
  return { state: "not-enough-data", reason };
}

/** Whether the levels explain the launches better than the line does, by Schwarz's criterion. */
function isSteps(
  moments: readonly Moment[],
  trend: LogEstimate,
  segments: readonly Segment[],
): boolean {
  const n = moments.length;
  const center = meanOf(moments.map(({ log }) => log))?.mean ?? 0;
  const middle = moments.reduce((sum, { atMs }) => sum + atMs, 0) / n;
  const span = (moments.at(-1)?.atMs ?? 0) - (moments[0]?.atMs ?? 0);
  let [line, steps] = [0, 0];
  for (const { atMs, log } of moments) {
    line += (log - center - (trend.mean * (atMs - middle)) / span) ** 2;
  }
  for (const { start, end, mean } of segments) {
    for (const { log } of moments.slice(start, end)) steps += (log - mean) ** 2;
  }
  // Each level and each cut between two of them is a parameter; a line has two.
  const price = (2 * segments.length - 1 - 2) * Math.log(n);
  return steps === 0 || n * Math.log(line / steps) > price;
}
