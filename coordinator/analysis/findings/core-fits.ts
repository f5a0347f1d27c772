import { type LogEstimate, launchMean } from "../../../shared/stats/log-estimate.ts";
import {
  fitLaw,
  type LawPoint,
  latencyGradient,
  latencyOf,
  propagate,
  type ScalingLaw,
} from "../../../shared/stats/scaling-law.ts";
import { studentTQuantile } from "../../../shared/stats/student-t.ts";
import type { Fit, Fits } from "../findings.ts";
import type { Metric, Unit } from "../metric.ts";
import type { CoreCurve } from "./core-curve.ts";
import { findKnee, findPeak } from "./law-features.ts";
import { type MeasureOrReason, toMetric } from "./metric.ts";
import type { PlacedCell } from "./select-cells.ts";

/** Fewer would leave a law no point to be wrong at. */
const leastPoints = { amdahl: 4, usl: 6 } as const;

/** The fits for people, and the law that the data support. */
export interface CoreFits {
  readonly fits: Fits;
  readonly law: ScalingLaw | null;
  readonly crossing: LogEstimate | null;
}

/** Fits both laws inside one package; points across packages give the crossing factor and never enter a fit. */
export function fitCores({ inside, across }: CoreCurve, batchSize: number): CoreFits {
  const points = inside.flatMap((cell) => toPoint(cell) ?? []);
  const amdahl = tryFit(points, "amdahl");
  const usl = tryFit(points, "usl");
  const coherent = "law" in usl && isCoherent(usl.law);
  const preferred = coherent ? "usl" : "law" in amdahl ? "amdahl" : null;
  const law = chooseLaw(coherent, amdahl, usl);
  const largest = Math.max(0, ...points.map(({ cores }) => cores));
  const crossing = law === null ? null : crossingOf(law, across);
  return {
    law,
    crossing,
    fits: {
      amdahl: showFit(amdahl, (fitted) => ({
        serialShare: share(fitted, 1),
        rate: rate(fitted, batchSize),
      })),
      usl: showFit(usl, (fitted) => ({
        contention: share(fitted, 1),
        coherency: share(fitted, 2),
        rate: rate(fitted, batchSize),
      })),
      preferred,
      peakCores: findPeak(coherent && "law" in usl ? usl.law : null, largest),
      kneeCores: findKnee(law, largest),
      crossingFactor: toMetric(
        crossing === null
          ? { reason: law === null ? "no law was fitted" : "no cell across packages" }
          : { estimate: crossing, show: Math.exp },
        "ratio",
      ),
    },
  };
}

function toPoint({ layout, latencyNs }: PlacedCell): LawPoint | null {
  const latency = launchMean(latencyNs);
  return latency === null ? null : { cores: layout.cores, latency };
}

type Tried = { readonly law: ScalingLaw } | { readonly reason: string };

function tryFit(points: readonly LawPoint[], name: "amdahl" | "usl"): Tried {
  const found = new Set(points.map(({ cores }) => cores)).size;
  const least = leastPoints[name];
  if (found < least) {
    return { reason: `${found} core counts inside one package, ${least} are needed` };
  }
  const law = fitLaw(points, name);
  return law === null ? { reason: "the points do not determine the law" } : { law };
}

/** Only where the interval of the coherency excludes 0 do the data speak of a peak at all. */
function isCoherent(law: ScalingLaw): boolean {
  const coherency = share(law, 2);
  return coherency.value !== null && coherency.low !== null && coherency.low > 0;
}

function chooseLaw(coherent: boolean, amdahl: Tried, usl: Tried): ScalingLaw | null {
  if (coherent && "law" in usl) return usl.law;
  return "law" in amdahl ? amdahl.law : null;
}

function showFit<Parameter extends string>(
  tried: Tried,
  show: (law: ScalingLaw) => Readonly<Record<Parameter, Metric>>,
): Fit<Parameter> {
  if ("reason" in tried) return { parameters: null, reason: tried.reason };
  const { law } = tried;
  return { parameters: show(law), residual: law.residual, points: law.points };
}

/** Coefficient over the first one, with the interval of the ratio; contention and coherency are not below 0. */
function share(law: ScalingLaw, index: 1 | 2): Metric {
  const [a] = law.coefficients;
  const coefficient = law.coefficients[index];
  const value = coefficient / a;
  const gradient = [-value / a, 0, 0].map((first, i) => (i === index ? 1 / a : first));
  const variance = propagate(law, gradient);
  const shown = Math.max(0, value);
  const unit: Unit = "share";
  if (variance === null) return { value: shown, low: null, high: null, n: law.points, unit };
  const reach = studentTQuantile(0.975, law.df) * Math.sqrt(variance);
  return {
    value: shown,
    low: Math.max(0, value - reach),
    high: Math.max(0, value + reach),
    n: law.points,
    unit,
  };
}

/** Samples per second on one core. */
function rate(law: ScalingLaw, batchSize: number): Metric {
  const [a] = law.coefficients;
  const variance = propagate(law, [1 / a, 0, 0]);
  const measure: MeasureOrReason = {
    estimate: {
      mean: -Math.log(a),
      se: variance === null ? null : Math.sqrt(variance),
      df: law.df,
      n: law.points,
    },
    show: (log) => 1e9 * batchSize * Math.exp(log),
  };
  return toMetric(measure, "samples/s");
}

/** Mean of ln(measured/fitted) over the points across packages, the law's own uncertainty included. */
function crossingOf(law: ScalingLaw, across: readonly PlacedCell[]): LogEstimate | null {
  const points = across.flatMap((cell) => toPoint(cell) ?? []);
  if (points.length === 0) return null;
  const n = points.length;
  const mean =
    points.reduce(
      (sum, { cores, latency }) => sum + latency.mean - Math.log(latencyOf(law, cores)),
      0,
    ) / n;
  const gradient = [0, 1, 2].map(
    (i) => points.reduce((sum, { cores }) => sum + (latencyGradient(law, cores)[i] ?? 0), 0) / n,
  );
  const ofLaw = propagate(law, gradient);
  const errors = points.map(({ latency }) => latency.se);
  if (ofLaw === null || errors.some((se) => se === null)) return { mean, se: null, df: 0, n };
  const ofPoints = errors.reduce<number>((sum, se) => sum + (se ?? 0) ** 2, 0) / n ** 2;
  const df = points.reduce((sum, { latency }) => sum + latency.df, 0);
  return { mean, se: Math.sqrt(ofLaw + ofPoints), df: Math.min(df, law.df), n };
}
