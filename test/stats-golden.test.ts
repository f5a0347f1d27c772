import { expect, test } from "vitest";
import { logInterval } from "../shared/stats/interval.ts";
import { countOutliers } from "../shared/stats/outliers.ts";
import { medianAbsoluteDeviation, quantile } from "../shared/stats/quantile.ts";
import { logGamma, studentTCdf, studentTQuantile } from "../shared/stats/student-t.ts";
import golden from "./fixtures/stats/golden.json" with { type: "json" };

/** Relative to the value, but absolute under 1: both sides are doubles. */
function error(found: number, wanted: number): number {
  return Math.abs(found - wanted) / Math.max(1, Math.abs(wanted));
}

test.each(golden.quantiles)("quantiles, MAD and fences of $name agree with NumPy", (sample) => {
  for (const [p = 0, wanted = 0] of sample.quantiles) {
    expect(error(quantile(sample.values, p), wanted)).toBeLessThanOrEqual(1e-12);
  }
  expect(error(medianAbsoluteDeviation(sample.values), sample.mad)).toBeLessThanOrEqual(1e-12);
  expect(countOutliers(sample.values)).toEqual(sample.outliers);
});

test("quantiles and probabilities of Student's t agree with SciPy", () => {
  for (const { p, df, t } of golden.t)
    expect(error(studentTQuantile(p, df), t)).toBeLessThanOrEqual(1e-9);
  for (const { t, df, p } of golden.t_cdf)
    expect(error(studentTCdf(t, df), p)).toBeLessThanOrEqual(1e-12);
});

test("the logarithm of the gamma function agrees with SciPy", () => {
  for (const { x, value } of golden.log_gamma)
    expect(error(logGamma(x), value)).toBeLessThanOrEqual(1e-13);
});

test.each(golden.intervals)("the interval of launch medians agrees with SciPy", (wanted) => {
  const found = logInterval(wanted.medians);
  if (found === null) throw new Error("no interval");
  expect(error(found.estimate, wanted.estimate)).toBeLessThanOrEqual(1e-12);
  expect(error(found.low, wanted.low)).toBeLessThanOrEqual(1e-10);
  expect(error(found.high, wanted.high)).toBeLessThanOrEqual(1e-10);
  expect(error(found.halfWidth, wanted.half_width)).toBeLessThanOrEqual(1e-10);
  expect(error(found.logSd, wanted.log_sd)).toBeLessThanOrEqual(1e-10);
});
