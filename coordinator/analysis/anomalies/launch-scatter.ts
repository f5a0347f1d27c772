import { groupBy } from "../../../shared/domain/group-by.ts";
import { splitInTwo } from "../../../shared/stats/bimodality.ts";
import { median, medianAbsoluteDeviation } from "../../../shared/stats/quantile.ts";
import { measuredLaunches, usableLaunches } from "../cell-figures.ts";
import type { AnalysedCell } from "../findings/analysed-cell.ts";
import type { Anomaly } from "../findings.ts";
import type { UnusualTime } from "./host-time.ts";

const limits = {
  /** Fewer launches show no two groups of them. */
  launches: 6,
  /** One launch alone is a spike, no mode. */
  minorLaunches: 2,
  modeGap: 0.05,
  separation: 5,
  spikeShare: 0.1,
  spikeScore: 3.5,
  /** Least MAD of the launches' logarithms. */
  leastMad: 0.005,
} as const;

/**
 * Cells whose launches, or whose calls within launches, fall into two groups; and launches far from the
 * rest. Launches in a time when their whole host was not as usual are explained by that.
 */
export function findScatterAnomalies(
  cells: readonly AnalysedCell[],
  times: readonly UnusualTime[],
): readonly Anomaly[] {
  const byHost = groupBy(times, ({ hostId }) => hostId);
  return cells.flatMap((cell) => {
    const logs = usualLogs(cell, byHost.get(cell.hostId) ?? []);
    const modes = modesOf(cell, logs);
    return modes === null ? [...flagged(cell), ...spikes(cell, logs)] : [modes, ...flagged(cell)];
  });
}

function usualLogs(
  { source, latencyNs }: AnalysedCell,
  times: readonly UnusualTime[],
): readonly number[] {
  if (times.length === 0) return [...latencyNs.values()].map(Math.log);
  const usual = usableLaunches(source).filter(
    ({ endedAtMs }) => !times.some(({ fromMs, toMs }) => endedAtMs >= fromMs && endedAtMs <= toMs),
  );
  return usual.map(({ medianNs }) => Math.log(medianNs));
}

function modesOf({ hostId, cellId }: AnalysedCell, logs: readonly number[]): Anomaly | null {
  if (logs.length < limits.launches) return null;
  const modes = splitInTwo(logs);
  if (modes === null) return null;
  const gap = Math.expm1(modes.highMean - modes.lowMean);
  const minor = Math.round(modes.minorShare * logs.length);
  const isMixed =
    minor >= limits.minorLaunches && gap > limits.modeGap && modes.separation > limits.separation;
  if (!isMixed) return null;
  return {
    kind: "bimodal",
    hostId,
    cellIds: [cellId],
    message: `${minor} of ${logs.length} launches lie ${Math.round(100 * gap)} % away from the others, with nothing between`,
    score: gap,
  };
}

/** What the agent saw within launches, if at least half of them have it. */
function flagged({ hostId, cellId, source }: AnalysedCell): Anomaly[] {
  const launches = measuredLaunches(source);
  return (["bimodal", "spiky"] as const).flatMap((code): Anomaly[] => {
    const those = launches.flatMap(
      ({ verdict }) => verdict.reasons.find((r) => r.code === code) ?? [],
    );
    if (those.length === 0 || 2 * those.length < launches.length) return [];
    return [
      {
        kind: code === "spiky" ? "spikes" : "bimodal",
        hostId,
        cellIds: [cellId],
        message: `${those.length} of ${launches.length} launches: ${those[0]?.message ?? code}`,
        score: those.length / launches.length,
      },
    ];
  });
}

function spikes({ hostId, cellId }: AnalysedCell, logs: readonly number[]): Anomaly[] {
  if (logs.length < 4) return [];
  const center = median(logs);
  const mad = Math.max(medianAbsoluteDeviation(logs), limits.leastMad);
  const far = logs.filter(
    (log) =>
      Math.abs(log - center) > Math.log1p(limits.spikeShare) &&
      (0.6745 * Math.abs(log - center)) / mad > limits.spikeScore,
  );
  if (far.length === 0) return [];
  const worst = far.reduce((a, b) => (Math.abs(b - center) > Math.abs(a - center) ? b : a));
  const off = Math.expm1(worst - center);
  return [
    {
      kind: "spikes",
      hostId,
      cellIds: [cellId],
      message: `${far.length} of ${logs.length} launches far from the others, by up to ${off > 0 ? "+" : "−"}${Math.abs(Math.round(100 * off))} %`,
      score: Math.abs(worst - center),
    },
  ];
}
