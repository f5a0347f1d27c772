import type { Cell } from "../../../shared/domain/cell.ts";
import { logRatio } from "../../../shared/stats/log-estimate.ts";
import type { MetricName } from "../findings.ts";
import type { CoreCurve } from "./core-curve.ts";
import { type MeasureOrReason, measureOf, type RawMetric } from "./metric.ts";
import {
  fastest,
  isAcross,
  isInside,
  isPlain,
  type PlacedCell,
  pickPlain,
} from "./select-cells.ts";

const unusable = "no launches of both cells can be used";
const singlePackage = "single package";

/** What the metrics of a group are made from. */
export interface MetricInput {
  readonly cells: readonly PlacedCell[];
  readonly curve: CoreCurve;
  /** Packages of the host with usable cores. */
  readonly packages: number;
}

/** Metrics of one instance inside a package against one instance across packages. */
export function acrossMetrics(input: MetricInput): readonly RawMetric[] {
  return [
    ...acrossSocket(input),
    tunedAcrossSocket(input),
    ...crossSocketPenalties(input),
    ...remoteMemoryPenalties(input),
  ];
}

/** A = T(best package, all its cores)/T(all cores of all packages), and η = (A − 1)/(K − 1). */
function acrossSocket({ cells, packages }: MetricInput): RawMetric[] {
  const plain = cells.filter(isPlain);
  const inside = fastest(
    bySamePolicy(plain.filter((cell) => isInside(cell) && cell.layout.fillsPackages)),
  );
  const across = pickPlain(
    plain.filter(
      (cell) =>
        isAcross(cell) && cell.layout.fillsPackages && cell.layout.packages.length === packages,
    ),
  );
  const estimate = ratioOf(inside, across);
  const missing = reasonOf(packages, [
    [inside, "no cell with all cores of one package"],
    [across, "no cell with all cores of all packages"],
  ]);
  const measure = (show: (log: number) => number): MeasureOrReason =>
    missing === null ? measureOf(estimate, show, unusable) : { reason: missing };
  const cellIds = idsOf(inside, across);
  const at: Cell = {};
  return [
    raw("across-socket-speed-up", at, measure(Math.exp), cellIds),
    raw(
      "second-socket-efficiency",
      at,
      measure((log) => (Math.exp(log) - 1) / (packages - 1)),
      cellIds,
    ),
  ];
}

/** Packages are compared under one memory policy, or the policy would be taken for the package. */
function bySamePolicy(cells: readonly PlacedCell[]): readonly PlacedCell[] {
  const chosen = pickPlain(cells);
  return cells.filter(({ layout }) => layout.memoryPolicy === chosen?.layout.memoryPolicy);
}

/** A* = T(best cell inside one package)/T(best cell of all): 1 means that the best stays in a package. */
function tunedAcrossSocket({ cells, packages }: MetricInput): RawMetric {
  const plain = cells.filter((cell) => isPlain(cell) && cell.layout.instances === 1);
  const inside = fastest(plain.filter(isInside));
  const best = fastest(plain);
  const missing = reasonOf(packages, [
    [inside, "no cell inside one package"],
    [plain.find(isAcross), "no cell across packages"],
  ]);
  const same = inside !== undefined && inside === best;
  const measure: MeasureOrReason =
    missing !== null
      ? { reason: missing }
      : same
        ? { estimate: { mean: 0, se: 0, df: 1, n: inside.latencyNs.size }, show: Math.exp }
        : measureOf(ratioOf(inside, best), Math.exp, unusable);
  return raw("tuned-across-socket-speed-up", {}, measure, idsOf(inside, best));
}

/** χ(c) = T(c cores spread evenly over packages)/T(c cores in one package) − 1. */
function crossSocketPenalties({ cells, curve, packages }: MetricInput): RawMetric[] {
  const spread = cells.filter(
    (cell) => isPlain(cell) && isAcross(cell) && cell.layout.packages.length === packages,
  );
  const found = [...new Set(spread.map(({ layout }) => layout.cores))].flatMap((cores) => {
    const inside = curve.inside.find(({ layout }) => layout.cores === cores);
    const across = pickPlain(spread.filter(({ layout }) => layout.cores === cores));
    if (inside === undefined || across === undefined) return [];
    const measure = measureOf(ratioOf(across, inside), (log) => Math.expm1(log), unusable);
    return [raw("cross-socket-penalty", { cores }, measure, idsOf(across, inside))];
  });
  if (found.length > 0) return found;
  const reason =
    packages === 1 ? singlePackage : "no equal number of cores spread and inside one package";
  return [raw("cross-socket-penalty", {}, { reason }, [])];
}

/** μ = T(memory of another package)/T(all local) − 1, on the same cores. */
function remoteMemoryPenalties({ cells, packages }: MetricInput): RawMetric[] {
  const remote = cells.filter(({ layout }) => layout.remoteMemory && !layout.smt);
  const found = remote.flatMap((far) => {
    const local = cells.filter(
      (cell) =>
        isPlain(cell) &&
        cell.layout.instances === far.layout.instances &&
        cell.layout.cores === far.layout.cores &&
        cell.layout.packages.length === 1 &&
        cell.cell["socket"] === far.cell["socket"],
    );
    // Both bound, where that was measured: then only the distance differs.
    const near = local.find(({ layout }) => layout.memoryPolicy === "bind") ?? pickPlain(local);
    if (near === undefined) return [];
    const measure = measureOf(ratioOf(far, near), (log) => Math.expm1(log), unusable);
    const { cores } = far.layout;
    return [raw("remote-memory-penalty", { cores }, measure, idsOf(far, near))];
  });
  if (found.length > 0) return found;
  const reason = packages === 1 ? singlePackage : "no cell with remote memory and its local twin";
  return [raw("remote-memory-penalty", {}, { reason }, [])];
}

function ratioOf(a: PlacedCell | undefined, b: PlacedCell | undefined) {
  return a === undefined || b === undefined ? null : logRatio(a.latencyNs, b.latencyNs);
}

function reasonOf(
  packages: number,
  wanted: readonly (readonly [PlacedCell | undefined, string])[],
): string | null {
  if (packages === 1) return singlePackage;
  return wanted.find(([cell]) => cell === undefined)?.[1] ?? null;
}

function idsOf(...cells: readonly (PlacedCell | undefined)[]): readonly string[] {
  return cells.flatMap((cell) => (cell === undefined ? [] : [cell.cellId]));
}

function raw(
  name: MetricName,
  at: Cell,
  measure: MeasureOrReason,
  cellIds: readonly string[],
): RawMetric {
  const penalty = name === "cross-socket-penalty" || name === "remote-memory-penalty";
  return { name, at, unit: penalty ? "share" : "ratio", measure, cellIds };
}
