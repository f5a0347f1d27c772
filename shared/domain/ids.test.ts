import fc from "fast-check";
import { expect, test } from "vitest";
import { isToken, maxTokenLength, toHostId, tokenProblem } from "./ids.ts";

test("ULIDs, scheduled sweep ids and host names without dots are ids", () => {
  for (const id of ["01JD8W3V8N0Q6T1Z5Y7K2M4P9R", "nightly@2026-11-22T02:00:00Z", "xeon-17", "_"]) {
    expect(isToken(id)).toBe(true);
    expect(tokenProblem(id)).toBeUndefined();
  }
});

test("what would change a subject's shape is no id, and the problem is named", () => {
  for (const id of [
    "",
    "a.b",
    "a*",
    ">",
    "a b",
    "a\n",
    "a/b",
    "é",
    "x".repeat(maxTokenLength + 1),
  ]) {
    expect(isToken(id)).toBe(false);
    expect(tokenProblem(id)).toBeTypeOf("string");
  }
});

test("a dotted machine name becomes an id", () => {
  expect(toHostId("Node1.Example.org")).toBe("node1-example-org");
  expect(toHostId("...")).toBe("host");
});

test("every machine name gives an id", () => {
  fc.assert(
    fc.property(fc.string(), (name) => {
      expect(isToken(toHostId(name))).toBe(true);
    }),
  );
});
