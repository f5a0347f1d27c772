import { expect, test } from "vitest";
import { minimize } from "./minimize.ts";

/** Rosenbrock's valley, with its minimum of 0 at (1, 1). */
function rosenbrock([x = 0, y = 0]: Float64Array) {
  return {
    value: (1 - x) ** 2 + 100 * (y - x * x) ** 2,
    gradient: Float64Array.of(-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)),
  };
}

test("a curved valley is followed to its minimum", () => {
  const { point, value } = minimize(rosenbrock, Float64Array.of(-1.2, 1), {
    evaluations: 200,
    box: 5,
  });
  expect(value).toBeLessThan(1e-4);
  expect(point[0]).toBeCloseTo(1, 1);
});

test("no coordinate leaves the box", () => {
  const away = ([x = 0]: Float64Array) => ({ value: -x, gradient: Float64Array.of(-1) });
  expect(minimize(away, Float64Array.of(0), { evaluations: 30, box: 2 }).point[0]).toBe(2);
});

test("the objective is called no more often than allowed", () => {
  let calls = 0;
  const counted = (point: Float64Array) => {
    calls += 1;
    return rosenbrock(point);
  };
  minimize(counted, Float64Array.of(-1.2, 1), { evaluations: 7, box: 5 });
  expect(calls).toBe(7);
});
