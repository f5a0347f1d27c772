import { groupBy } from "../../../shared/domain/group-by.ts";
import { launchMean, logRatio } from "../../../shared/stats/log-estimate.ts";
import type { CorePoint } from "../findings.ts";
import { exactly, type MeasureOrReason, measureOf, toMetric } from "./metric.ts";
import { isAcross, isInside, isPlain, type PlacedCell, pickPlain } from "./select-cells.ts";

/** Latency over cores: the points inside one package, and those of one instance across packages. */
export interface CoreCurve {
  readonly inside: readonly PlacedCell[];
  readonly across: readonly PlacedCell[];
}

export function findCurve(cells: readonly PlacedCell[]): CoreCurve {
  const plain = cells.filter((cell) => isPlain(cell) && cell.latencyNs.size > 0);
  return {
    inside: byCores(plain.filter(isInside), ({ layout }) => String(layout.cores)),
    across: byCores(
      plain.filter(isAcross),
      ({ layout }) => `${layout.cores} ${layout.placement} ${layout.packages.length}`,
    ),
  };
}

function byCores(
  cells: readonly PlacedCell[],
  keyOf: (cell: PlacedCell) => string,
): readonly PlacedCell[] {
  const chosen = [...groupBy(cells, keyOf).values()].flatMap((same) => pickPlain(same) ?? []);
  return chosen.sort((a, b) => a.layout.cores - b.layout.cores);
}

const notMeasured = "no launches of both cells can be used";

/** Every point with what is derived from the fewest cores inside one package. */
export function curvePoints(
  { inside, across }: CoreCurve,
  fittedRate: (cell: PlacedCell) => number | null,
): readonly CorePoint[] {
  const [base] = inside;
  return [...inside, ...across].map((cell): CorePoint => {
    const before = inside[inside.indexOf(cell) - 1];
    return {
      cores: cell.layout.cores,
      packages: cell.layout.packages.length,
      placement: cell.layout.placement,
      cellId: cell.cellId,
      latencyNs: toMetric(measureOf(launchMean(cell.latencyNs), Math.exp, notMeasured), "ns"),
      samplesPerSecond: toMetric(
        measureOf(launchMean(cell.samplesPerSecond), Math.exp, notMeasured),
        "samples/s",
      ),
      ...relative(cell, base),
      marginalEfficiency: toMetric(marginal(cell, before, base), "ratio"),
      fittedSamplesPerSecond: fittedRate(cell),
    };
  });
}

function relative(
  cell: PlacedCell,
  base: PlacedCell | undefined,
): Pick<CorePoint, "speedUp" | "efficiency" | "karpFlatt"> {
  if (base === undefined) {
    const absent = { value: null, reason: "no cell inside one package", unit: "ratio" } as const;
    return { speedUp: absent, efficiency: absent, karpFlatt: absent };
  }
  if (cell === base) {
    const serial = "the point that speed-ups are relative to";
    return {
      speedUp: exactly(1, cell.latencyNs.size, "ratio"),
      efficiency: exactly(1, cell.latencyNs.size, "ratio"),
      karpFlatt: { value: null, reason: serial, unit: "share" },
    };
  }
  const share = cell.layout.cores / base.layout.cores;
  const speedUp = logRatio(base.latencyNs, cell.latencyNs);
  const measure = (show: (log: number) => number): MeasureOrReason =>
    measureOf(speedUp, show, notMeasured);
  const karpFlatt: MeasureOrReason =
    share > 1
      ? measure((log) => (1 / Math.exp(log) - 1 / share) / (1 - 1 / share))
      : { reason: `as many cores as the base of ${base.layout.cores}` };
  return {
    speedUp: toMetric(measure(Math.exp), "ratio"),
    efficiency: toMetric(
      measure((log) => Math.exp(log) / share),
      "ratio",
    ),
    karpFlatt: toMetric(karpFlatt, "share"),
  };
}

/**
 * With S₂ − S₁ = S₁ · (T₁/T₂ − 1): the uncertainty of the step dominates, S₁ is taken as it was measured.
 */
function marginal(
  cell: PlacedCell,
  before: PlacedCell | undefined,
  base: PlacedCell | undefined,
): MeasureOrReason {
  if (before === undefined || base === undefined) {
    return { reason: "no point with fewer cores in the same package" };
  }
  const first = before === base ? 0 : (logRatio(base.latencyNs, before.latencyNs)?.mean ?? null);
  const step = logRatio(before.latencyNs, cell.latencyNs);
  if (first === null || step === null) return { reason: notMeasured };
  const scale = (Math.exp(first) * base.layout.cores) / (cell.layout.cores - before.layout.cores);
  return { estimate: step, show: (log) => scale * (Math.exp(log) - 1) };
}
