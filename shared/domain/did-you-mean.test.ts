import { expect, test } from "vitest";
import { suggest } from "./did-you-mean.ts";

test.each([
  ["batchsize", "batch_size"],
  ["batch-size", "batch_size"],
  ["sequnce_length", "sequence_length"],
  ["Cores", "cores"],
  ["croes", "cores"],
  ["smtt", "smt"],
  ["xyz", null],
  ["", null],
  ["a".repeat(10_000), null],
])("%s suggests %s", (word, expected) => {
  const known = ["batch_size", "sequence_length", "cores", "smt", "runner"];
  expect(suggest(word, known)).toBe(expected);
});
