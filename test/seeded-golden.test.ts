import { expect, test } from "vitest";
import { streamElement, streamKey, uniformFloats } from "../agent/runners/bert/seeded.ts";
import golden from "./fixtures/seeded/golden.json" with { type: "json" };

test.each(golden)("the stream $seed/$name is the same in NumPy, bit by bit", (wanted) => {
  const key = streamKey(wanted.seed, wanted.name);
  expect(key).toBe(wanted.key);
  expect(wanted.elements.map((_, i) => streamElement(key, i))).toEqual(wanted.elements);
  expect(wanted.far.map((_, i) => streamElement(key, 3_145_720 + i))).toEqual(wanted.far);
  expect([...uniformFloats(key, 8, wanted.reach, wanted.center)]).toEqual(wanted.floats);
});
