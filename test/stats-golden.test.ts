import { expect, test } from "vitest";
import { logInterval } from "../shared/stats/interval.ts";
import { countOutliers } from "../shared/stats/outliers.ts";
import { medianAbsoluteDeviation, quantile } from "../shared/stats/quantile.ts";
import { logGamma, studentTCdf, studentTQuantile } from "../shared/stats/student-t.ts";
import golden from "./fixtures/stats/golden.json" with { type: "json" };

/** Relative to the value, but absolute under 1: both sides are doubles. */
function expectClose(found: number, wanted: number, tolerance: number): void {
  expect(Math.abs(found - wanted)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(wanted)));
}

test.each(golden.quantiles)("quantiles, MAD and fences of $name agree with NumPy", (sample) => {
  for (const [p = 0, wanted = 0] of sample.quantiles) {
    expectClose(quantile(sample.values, p), wanted, 1e-12);
  }
  expectClose(medianAbsoluteDeviation(sample.values), sample.mad, 1e-12);
  expect(countOutliers(sample.values)).toEqual(sample.outliers);
});

test("quantiles and probabilities of Student's t agree with SciPy", () => {
  for (const { p, df, t } of golden.t) expectClose(studentTQuantile(p, df), t, 1e-9);
  for (const { t, df, p } of golden.t_cdf) expectClose(studentTCdf(t, df), p, 1e-12);
});

test("the logarithm of the gamma function agrees with SciPy", () => {
  for (const { x, value } of golden.log_gamma) expectClose(logGamma(x), value, 1e-13);
});

test.each(golden.intervals)("the interval of launch medians agrees with SciPy", (wanted) => {
  const found = logInterval(wanted.medians);
  if (found === null) throw new Error("no interval");
  expectClose(found.estimate, wanted.estimate, 1e-12);
  expectClose(found.low, wanted.low, 1e-10);
  expectClose(found.high, wanted.high, 1e-10);
  expectClose(found.halfWidth, wanted.half_width, 1e-10);
  expectClose(found.logSd, wanted.log_sd, 1e-10);
});
