import type { Cell } from "../../../shared/domain/cell.ts";
import {
  type ByLaunch,
  launchMean,
  logMean,
  logRatio,
} from "../../../shared/stats/log-estimate.ts";
import { usableLaunches } from "../cell-figures.ts";
import type { MetricInput } from "./across-metrics.ts";
import { type MeasureOrReason, measureOf, type RawMetric } from "./metric.ts";
import {
  isAcross,
  isInside,
  isPerPackage,
  isPlain,
  type PlacedCell,
  pickPlain,
} from "./select-cells.ts";

const unusable = "no launches of both cells can be used";
const singlePackage = "single package";
const noPerSocket = "no cell with an instance on each package";

/** Metrics of several instances that run at the same time. */
export function instanceMetrics(input: MetricInput): readonly RawMetric[] {
  const { cells, packages } = input;
  const shared = cells.filter(
    (cell) => isPlain(cell) && isPerPackage(cell) && cell.layout.packages.length === packages,
  );
  const perPackage =
    shared.length === 0
      ? absent(packages === 1 ? singlePackage : noPerSocket)
      : shared.flatMap((cell) => perPackageMetrics(cell, input));
  return [...perPackage, ...weakScaling(input), ...smtYields(input), ...localities(input)];
}

function absent(reason: string): RawMetric[] {
  const ratios = ["per-socket-balance", "instance-advantage", "instance-latency-cost"] as const;
  return [
    { name: "per-socket-aggregate", at: {}, unit: "samples/s", measure: { reason }, cellIds: [] },
    ...[...ratios, "interference" as const].map(
      (name): RawMetric => ({ name, at: {}, unit: "ratio", measure: { reason }, cellIds: [] }),
    ),
  ];
}

function perPackageMetrics(cell: PlacedCell, input: MetricInput): RawMetric[] {
  const at: Cell = {
    placement: cell.layout.placement,
    instances: cell.layout.instances,
    cores: cell.layout.coresPerInstance,
  };
  const whole = pickPlain(
    input.cells.filter(
      (other) =>
        isPlain(other) &&
        isAcross(other) &&
        other.layout.fillsPackages &&
        other.layout.packages.length === input.packages,
    ),
  );
  const against = (show: "latencyNs" | "samplesPerSecond"): MeasureOrReason =>
    whole === undefined
      ? { reason: "no cell with all cores of all packages" }
      : measureOf(logRatio(cell[show], whole[show]), Math.exp, unusable);
  const pair = whole === undefined ? [cell.cellId] : [cell.cellId, whole.cellId];
  const aggregate = launchMean(cell.samplesPerSecond);
  return [
    {
      name: "per-socket-aggregate",
      at,
      unit: "samples/s",
      measure: measureOf(aggregate, Math.exp, "no launch can be used"),
      cellIds: [cell.cellId],
    },
    ratio("per-socket-balance", at, balance(cell), [cell.cellId]),
    ratio("instance-advantage", at, against("samplesPerSecond"), pair),
    ratio("instance-latency-cost", at, against("latencyNs"), pair),
    interference(cell, at, input),
  ];
}

/** Slowest over fastest package, launch by launch, from the instances' own calls and times. */
function balance(cell: PlacedCell): MeasureOrReason {
  const perPackage = cell.layout.instances / cell.layout.packages.length;
  if (!Number.isInteger(perPackage)) return { reason: "packages run unequal numbers of instances" };
  const shares = usableLaunches(cell.source).flatMap(({ instances }) => {
    if (instances.length !== cell.layout.instances) return [];
    const rates = cell.layout.packages.map((_, at) =>
      instances
        .slice(at * perPackage, (at + 1) * perPackage)
        .reduce((sum, { calls, timedNs }) => sum + (timedNs > 0 ? calls / timedNs : 0), 0),
    );
    const fastest = Math.max(...rates);
    const slowest = Math.min(...rates);
    return slowest > 0 ? [slowest / fastest] : [];
  });
  return measureOf(logMean(shares), Math.exp, "no launch shows its instances");
}

/** I = X(all packages together)/Σ X(each alone): under 1 they cost each other power, cache or bandwidth. */
function interference(cell: PlacedCell, at: Cell, { cells }: MetricInput): RawMetric {
  const perPackage = cell.layout.instances / cell.layout.packages.length;
  const alone = cell.layout.packages.map((position) =>
    pickPlain(
      cells.filter(
        (other) =>
          isPlain(other) &&
          other.layout.packages.length === 1 &&
          other.layout.packages[0] === position &&
          other.layout.instances === perPackage &&
          other.layout.coresPerInstance === cell.layout.coresPerInstance,
      ),
    ),
  );
  const missing = alone.findIndex((other) => other === undefined);
  if (missing >= 0) {
    const reason = `package ${cell.layout.packages[missing]} was not measured alone`;
    return ratio("interference", at, { reason }, [cell.cellId]);
  }
  const sum = sumByLaunch(alone.flatMap((other) => other?.samplesPerSecond ?? []));
  const ids = [cell.cellId, ...alone.flatMap((other) => other?.cellId ?? [])];
  const estimate = logRatio(cell.samplesPerSecond, sum);
  return ratio("interference", at, measureOf(estimate, Math.exp, unusable), ids);
}

function sumByLaunch(rates: readonly ByLaunch[]): ByLaunch {
  const [first = new Map<number, number>(), ...others] = rates;
  return new Map(
    [...first].flatMap(([launch, rate]) => {
      const rest = others.map((other) => other.get(launch));
      if (rest.some((value) => value === undefined)) return [];
      return [[launch, rest.reduce<number>((sum, value) => sum + (value ?? 0), rate)] as const];
    }),
  );
}

/** E_w(n) = X(n instances)/(n · X(1 instance)) at the same cores and batch an instance. */
function weakScaling({ cells }: MetricInput): RawMetric[] {
  const plain = cells.filter(isPlain);
  const found = plain
    .filter(({ layout }) => layout.instances > 1 && layout.packagesPerInstance === 1)
    .flatMap((cell) => {
      const { instances, coresPerInstance, placement } = cell.layout;
      const one = pickPlain(
        plain.filter((other) => isInside(other) && other.layout.cores === coresPerInstance),
      );
      if (one === undefined) return [];
      const estimate = logRatio(cell.samplesPerSecond, one.samplesPerSecond);
      const measure = measureOf(estimate, (log) => Math.exp(log) / instances, unusable);
      const at = { placement, instances, cores: coresPerInstance };
      return [ratio("weak-scaling-efficiency", at, measure, [cell.cellId, one.cellId])];
    });
  if (found.length > 0) return found;
  const reason = "no cells with several instances and with one of the same cores";
  return [ratio("weak-scaling-efficiency", {}, { reason }, [])];
}

/** X and T with every thread of a core against one, same cores and instances. */
function smtYields({ cells }: MetricInput): RawMetric[] {
  const found = cells
    .filter(({ layout }) => layout.smt)
    .flatMap((cell) => {
      const twin = cells.find(
        ({ placement, layout }) =>
          !layout.smt &&
          layout.placement === cell.layout.placement &&
          layout.instances === cell.layout.instances &&
          layout.coresPerInstance === cell.layout.coresPerInstance &&
          layout.memoryPolicy === cell.layout.memoryPolicy &&
          placement["socket"] === cell.placement["socket"],
      );
      if (twin === undefined) return [];
      const { placement, instances, coresPerInstance: cores } = cell.layout;
      const at = { placement, instances, cores };
      const ids = [cell.cellId, twin.cellId];
      const rate = logRatio(cell.samplesPerSecond, twin.samplesPerSecond);
      const time = logRatio(cell.latencyNs, twin.latencyNs);
      return [
        ratio("smt-yield", at, measureOf(rate, Math.exp, unusable), ids),
        ratio("smt-latency-ratio", at, measureOf(time, Math.exp, unusable), ids),
      ];
    });
  if (found.length > 0) return found;
  return [ratio("smt-yield", {}, { reason: "no cell with SMT and its twin without" }, [])];
}

/** Λ: the share of memory on local NUMA nodes, as the launches read it back. */
function localities({ cells }: MetricInput): RawMetric[] {
  const found = cells.flatMap((cell): RawMetric[] => {
    const shares = usableLaunches(cell.source).flatMap(({ locality }) => locality ?? []);
    const estimate = logMean(shares.filter((share) => share > 0));
    if (estimate === null) return [];
    const { placement, instances, coresPerInstance: cores, memoryPolicy } = cell.layout;
    const at = { placement, instances, cores, memory_policy: memoryPolicy };
    const show = (log: number): number => Math.min(1, Math.exp(log));
    return [
      { name: "locality", at, unit: "share", measure: { estimate, show }, cellIds: [cell.cellId] },
    ];
  });
  if (found.length > 0) return found;
  const reason = "no launch shows where its memory is";
  return [{ name: "locality", at: {}, unit: "share", measure: { reason }, cellIds: [] }];
}

function ratio(
  name: RawMetric["name"],
  at: Cell,
  measure: MeasureOrReason,
  cellIds: readonly string[],
): RawMetric {
  return { name, at, unit: "ratio", measure, cellIds };
}
