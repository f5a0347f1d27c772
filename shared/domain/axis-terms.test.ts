import { expect, test } from "vitest";
import { findAxis } from "./axis.ts";
import { expandRange, parseAxisTerm } from "./axis-terms.ts";
import type { AxisValue } from "./cell.ts";

function parse(name: string, raw: AxisValue): unknown {
  const axis = findAxis(name);
  if (axis === undefined) throw new Error(`no axis ${name}`);
  const terms = parseAxisTerm(axis, raw);
  if ("problem" in terms) return terms.problem;
  return terms.map((term) => (term.type === "value" ? term.value : [term.from, term.step]));
}

test.each([
  ["batch_size", 4, [4]],
  ["batch_size", "1..4", [1, 2, 3, 4]],
  ["batch_size", "4..16 step 4", [4, 8, 12, 16]],
  ["batch_size", "3..20 pow2", [4, 8, 16]],
  ["batch_size", "1..12 divisors", [1, 2, 3, 4, 6, 12]],
  ["cores", "all", ["all"]],
  ["cores", "pow2", [[1, "pow2"]]],
  ["cores", "2..all step 2", [[2, 2]]],
  ["cores", "1..all divisors", [[1, "divisors"]]],
  ["kmp_blocktime", 0, [0]],
  ["arrival_rate", 0.25, [0.25]],
  ["placement", "cpus:0-23@0|24-47@1", ["cpus:0-23@0|24-47@1"]],
])("%s: %s is read", (name, raw, expected) => {
  expect(parse(name, raw)).toEqual(expected);
});

test.each([
  ["cores", 0, "0 is less than 1"],
  ["cores", 2.5, "2.5 is not a whole number"],
  ["arrival_rate", 0, "0 is less than 0.001"],
  ["cores", 70_000, "70000 is more than 65536"],
  ["cores", "0..4", "0 is less than 1"],
  ["cores", "0..all", "0 is less than 1"],
  ["cores", "8..4", '"8..4" ends before it starts'],
  ["cores", "1..8 step 0", '"1..8 step 0" has a step of 0'],
  ["cores", true, "true is not a number"],
  ["cores", "many", '"many" is neither a number nor a range'],
  ["batch_size", "all", '"all" is neither a number nor a range'],
  ["batch_size", "1..all", '"1..all" goes up to all, which has no meaning here'],
  ["batch_size", "1..65536", '"1..65536" has more than 4096 values'],
  ["smt", true, "true is not text"],
  ["allocator", "tcmaloc", '"tcmaloc" is not one of its values'],
  ["model", "a b", '"a b" is not a name'],
])("%s: %s is refused", (name, raw, problem) => {
  expect(parse(name, raw)).toBe(problem);
});

test("ranges expand to what their step takes", () => {
  expect(expandRange({ from: 1, to: 40, step: "divisors" })).toEqual([1, 2, 4, 5, 8, 10, 20, 40]);
  expect(expandRange({ from: 1, to: 0, step: 1 })).toEqual([]);
  expect(expandRange({ from: 1, to: 80, step: "pow2" })).toEqual([1, 2, 4, 8, 16, 32, 64]);
});
