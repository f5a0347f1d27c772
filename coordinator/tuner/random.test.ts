import { expect, test } from "vitest";
import { makeRandomSource } from "./random.ts";

test("the same seed gives the same numbers, another seed others", () => {
  const draw = (seed: number) => {
    const random = makeRandomSource(seed);
    return [random.uniform(), random.normal(), random.below(1000)];
  };
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

test("normal numbers have mean 0, variance 1 and a normal tail", () => {
  const random = makeRandomSource(1);
  const draws = Array.from({ length: 40_000 }, () => random.normal());
  const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length;
  const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length;
  expect(Math.abs(mean)).toBeLessThan(0.02);
  expect(Math.abs(variance - 1)).toBeLessThan(0.03);
  expect(draws.filter((x) => x < -2).length / draws.length).toBeCloseTo(0.02275, 2);
});
