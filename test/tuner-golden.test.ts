import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { expectedGain, expectedImprovement } from "../coordinator/tuner/acquisition.ts";
import { encodeSpace } from "../coordinator/tuner/encoded-space.ts";
import { negativeLogPosterior } from "../coordinator/tuner/evidence.ts";
import { toWhitened } from "../coordinator/tuner/hyperparameters.ts";
import {
  choleskyFactor,
  dot,
  invertFactored,
  logDeterminant,
  solveFactored,
} from "../coordinator/tuner/linear-algebra.ts";
import { matern52 } from "../coordinator/tuner/matern.ts";
import { normalCumulative } from "../coordinator/tuner/normal.ts";
import { makeObservedSpace } from "../coordinator/tuner/observed-space.ts";
import { conditionOn } from "../coordinator/tuner/posterior.ts";
import { tableSpace } from "./bench/tuner/table-space.ts";

/** Computed by numpy, scipy and scikit-learn: see make_golden.py beside the file. */
const golden = JSON.parse(
  readFileSync(new URL("fixtures/tuner/golden.json", import.meta.url), "utf8"),
);

function expectClose(actual: ArrayLike<number>, expected: readonly number[], digits: number): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, k) => expect(actual[k]).toBeCloseTo(value, digits));
}

test("the linear algebra agrees with numpy", () => {
  const { matrix, right, factor, solution, inverse, log_determinant } = golden.linear_algebra;
  const lower = choleskyFactor({ size: 6, data: Float64Array.from(matrix) });
  if (lower === null) throw new Error("no factor");
  expectClose(lower.data, factor, 10);
  expectClose(solveFactored(lower, Float64Array.from(right)), solution, 9);
  expectClose(invertFactored(lower).data, inverse, 9);
  expect(logDeterminant(lower)).toBeCloseTo(log_determinant, 10);
});

test("Matérn 5/2 agrees with scikit-learn", () => {
  for (const [distance, value] of golden.matern52) {
    expect(matern52(distance ** 2)).toBeCloseTo(value, 12);
  }
});

test("the normal distribution, expected improvement and gain agree with scipy", () => {
  for (const [x, value] of golden.normal_cumulative) {
    expect(Math.abs(normalCumulative(x) - value)).toBeLessThan(1e-7);
  }
  for (const { best, mean, variance, improvement } of golden.improvements) {
    expect(expectedImprovement(best, mean, variance)).toBeCloseTo(improvement, 6);
  }
  for (const { means, shifts, gain } of golden.gains) {
    const beliefs = means.map((mean: number, k: number) => ({ mean, shift: shifts[k] }));
    expect(expectedGain(beliefs)).toBeCloseTo(gain, 6);
  }
});

const model = golden.model;
const space = encodeSpace(tableSpace(model.cells.map(withoutNull), model.cores_per_package));
const visits = {
  configurations: Int32Array.from(model.visits),
  values: Float64Array.from(model.values),
  noiseFactors: Float64Array.from(model.noise_factors),
};
const whitened = toWhitened({ ...model.parameters, knobs: Float64Array.from(model.knobs) });

test("evidence and posterior agree with the same model written in numpy", () => {
  const evidence = -negativeLogPosterior(makeObservedSpace(space, visits), whitened).value;
  expect(evidence + dot(whitened, whitened) / 2).toBeCloseTo(model.log_evidence, 6);
  const posterior = conditionOn(space, { visits, whitened });
  expectClose(posterior.mean, model.mean, 7);
  expectClose(posterior.variance, model.variance, 8);
  expect(posterior.covariances(3, Int32Array.of(40))[0]).toBeCloseTo(model.covariance_3_40, 8);
});

test("the evidence's gradient agrees with central differences", () => {
  const observed = makeObservedSpace(space, visits);
  const { gradient } = negativeLogPosterior(observed, whitened);
  const step = 1e-5;
  gradient.forEach((slope, k) => {
    const [up, down] = [1, -1].map((sign) =>
      negativeLogPosterior(
        observed,
        whitened.map((z, position) => (position === k ? z + sign * step : z)),
      ),
    );
    const difference = ((up?.value ?? Number.NaN) - (down?.value ?? Number.NaN)) / (2 * step);
    expect(Math.abs(slope - difference)).toBeLessThan(1e-5 * (1 + Math.abs(difference)));
  });
});

function withoutNull(
  cell: Record<string, string | number | null>,
): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(cell).filter((entry): entry is [string, string | number] => entry[1] !== null),
  );
}
