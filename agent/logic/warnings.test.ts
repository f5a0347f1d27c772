import { expect, test } from "vitest";
import { makeWarnings, maxWarnings } from "./warnings.ts";

test("the same damage on many CPUs is one sentence", () => {
  const warnings = makeWarnings();
  for (const pu of [3, 4, 5, 9]) warnings.add(`sys/cpu/cpu${pu}/topology/core_id`, "is damaged");
  warnings.add("sys/cpu/cpu7/topology/die_id", "is damaged");
  expect(warnings.sentences()).toEqual([
    "sys/cpu/cpu{3-5,9}/topology/core_id: is damaged",
    "sys/cpu/cpu7/topology/die_id: is damaged",
  ]);
});

test("a host that is damaged everywhere makes a report that ends", () => {
  const warnings = makeWarnings();
  for (let index = 0; index < 10 * maxWarnings; index += 1) warnings.add(`file${index}`, "is bad");
  expect(warnings.sentences()).toHaveLength(maxWarnings + 1);
  expect(warnings.sentences().at(-1)).toBe(`${9 * maxWarnings} more warnings are not shown`);
});
