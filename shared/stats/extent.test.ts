import { expect, test } from "vitest";
import { extent } from "./extent.ts";

test("a million values have a least and a greatest, where a call with as many arguments ends the program", () => {
  const values = Array.from({ length: 1_000_000 }, (_, index) => (index * 7_919) % 1_000_003);
  expect(extent(values)).toEqual([0, Math.max(...values.filter((value) => value > 999_990))]);
  expect(extent([])).toEqual([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
});
