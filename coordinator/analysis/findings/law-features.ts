import { countOf } from "../../../shared/domain/text-layout.ts";
import { propagate, type ScalingLaw } from "../../../shared/stats/scaling-law.ts";
import type { Metric } from "../metric.ts";
import { toMetric } from "./metric.ts";

/** Cores at which T(c) = (a − b)/c + b − d + d·c is least: √((a − b)/d). Inside the data only. */
export function findPeak(law: ScalingLaw | null, largest: number): Metric {
  if (law === null) {
    return absent("the interval of the coherency includes 0: no peak inside this package");
  }
  return feature(law, largest, {
    at: ([a = 0, b = 0, d = 0]) => (d > 0 && a > b ? Math.sqrt((a - b) / d) : Number.NaN),
    reach: 1,
    beyond: `still faster at ${countOf(largest, "core")}: no peak inside this package`,
  });
}

/**
 * Cores c from which a doubling brings less than half of what it could: X(2c)/X(c) = 1.5. With
 * c·T(c) = a + b(c − 1) + d·c(c − 1) that is a + b(2c − 1) + 2dc(2c − 1) = 4/3 · (a + b(c − 1) + d·c(c − 1)).
 */
export function findKnee(law: ScalingLaw | null, largest: number): Metric {
  if (law === null) return absent("no law was fitted");
  return feature(law, largest, {
    at: solveKnee,
    // The knee compares c with 2c: both must lie inside the data.
    reach: 2,
    beyond: `a doubling brings more than half up to ${countOf(largest, "core")}`,
  });
}

function solveKnee([a = 0, b = 0, d = 0]: readonly number[]): number {
  const square = 4 * d - (4 / 3) * d;
  const linear = 2 * b - 2 * d - (4 / 3) * b + (4 / 3) * d;
  const constant = a - b - (4 / 3) * (a - b);
  if (Math.abs(square) < 1e-300) return linear > 0 ? -constant / linear : Number.NaN;
  const root = linear * linear - 4 * square * constant;
  return root < 0 ? Number.NaN : (-linear + Math.sqrt(root)) / (2 * square);
}

interface Feature {
  readonly at: (coefficients: readonly number[]) => number;
  /** The largest measured number of cores must be so many times the feature. */
  readonly reach: number;
  readonly beyond: string;
}

function feature(law: ScalingLaw, largest: number, { at, reach, beyond }: Feature): Metric {
  const value = at(law.coefficients);
  if (!(value * reach <= largest)) return absent(beyond);
  if (value < 1) return absent("below one core");
  const gradient = law.coefficients.map((coefficient, i) => {
    const step = 1e-6 * Math.max(Math.abs(coefficient), 1e-9 * law.coefficients[0]);
    const moved = law.coefficients.map((other, j) => (i === j ? other + step : other));
    return (Math.log(at(moved)) - Math.log(value)) / step;
  });
  const variance = propagate(law, gradient);
  return toMetric(
    {
      estimate: {
        mean: Math.log(value),
        se: variance === null ? null : Math.sqrt(variance),
        df: law.df,
        n: law.points,
      },
      show: Math.exp,
    },
    "cores",
  );
}

function absent(reason: string): Metric {
  return { value: null, reason, unit: "cores" };
}
