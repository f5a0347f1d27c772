import fc from "fast-check";
import { expect, test } from "vitest";
import type { AxisValue } from "./cell.ts";
import { evaluate, namesIn } from "./expression.ts";
import { expressionLimits, parseExpression } from "./parse-expression.ts";

const values: Readonly<Record<string, AxisValue>> = {
  cores: 8,
  batch: 4,
  dtype: "int8",
  vnni: true,
  amx: false,
  "label.rack": "r7",
};

function valueOf(text: string): AxisValue | undefined {
  const parsed = parseExpression(text);
  if ("problem" in parsed) throw new Error(`${text}: ${parsed.problem} at ${parsed.at}`);
  return evaluate(parsed.expression, (name) =>
    Object.hasOwn(values, name) ? values[name] : undefined,
  );
}

test.each([
  ["cores <= 8 and dtype == 'int8'", true],
  ["cores < 8 or vnni", true],
  ["not vnni or amx", false],
  ["not (vnni and amx)", true],
  ["cores * batch + 2 == 34", true],
  ["2 + 3 * 4", 14],
  ["(2 + 3) * 4", 20],
  ["10 - 3 - 2", 5],
  ["cores % 3 == 2", true],
  ["-cores + 9 == 1", true],
  ["dtype in ['fp32', 'int8']", true],
  ["cores in [1, 2, 4]", false],
  ["dtype contains 'NT'", true],
  ['label.rack == "r7"', true],
  ["cores == '8'", false],
  ["cores != 'eight'", true],
])("%s is %s", (text, expected) => {
  expect(valueOf(text)).toBe(expected);
});

test.each([
  ["unknown == 1"],
  ["not unknown"],
  ["unknown and vnni"],
  ["unknown or amx"],
  ["unknown in [1, 2]"],
  ["cores in [1, unknown]"],
  ["cores / 0 > 1"],
  ["dtype < 5"],
  ["cores and vnni"],
])("%s cannot be told", (text) => {
  expect(valueOf(text)).toBeUndefined();
});

test("what decides alone decides even beside the unknown", () => {
  expect(valueOf("unknown or vnni")).toBe(true);
  expect(valueOf("amx and unknown")).toBe(false);
  expect(valueOf("cores in [unknown, 8]")).toBe(true);
});

test.each([
  ["cores >", "something is missing at the end", 7],
  ["cores = 8", '"=" is not understood', 6],
  ["cores == 8 9", "9 is not expected here", 11],
  ["(cores == 8", ") is expected", 11],
  ["and cores", "a value or a name is expected, not and", 0],
  ["cores in 8", "[ is expected", 9],
  ["dtype == 'int8", `"'" is not understood`, 9],
  ["cores; 1", '";" is not understood', 5],
  ["", "something is missing at the end", 0],
])("%s is refused with its place", (text, problem, at) => {
  expect(parseExpression(text)).toEqual({ problem, at });
});

test("what is too long or too deep is refused", () => {
  expect(parseExpression(" ".repeat(expressionLimits.characters + 1))).toHaveProperty("problem");
  expect(parseExpression("(".repeat(900))).toMatchObject({ problem: "nested too deeply" });
});

test("names are found with their places", () => {
  const parsed = parseExpression("cores < 2 and not (label.rack in [dtype])");
  if ("problem" in parsed) throw new Error(parsed.problem);
  expect(namesIn(parsed.expression)).toEqual([
    { name: "cores", at: 0 },
    { name: "label.rack", at: 19 },
    { name: "dtype", at: 34 },
  ]);
});

const pieces = fc.constantFrom(
  ..."cores vnni unknown and or not in contains == < >= + - * / % ( ) [ ] , 1 2.5 'a' \"b\" true false".split(
    " ",
  ),
);

test("any text is parsed or refused with a place inside it, and evaluating never throws", () => {
  const texts = fc.oneof(
    fc.array(pieces, { maxLength: 20 }).map((some) => some.join(" ")),
    fc.string({ maxLength: 40 }),
  );
  let parsedOnes = 0;
  fc.assert(
    fc.property(texts, (text) => {
      const parsed = parseExpression(text);
      if ("problem" in parsed) {
        expect(parsed.at).toBeGreaterThanOrEqual(0);
        expect(parsed.at).toBeLessThanOrEqual(text.length);
        return;
      }
      parsedOnes += 1;
      const value = evaluate(parsed.expression, (name) =>
        Object.hasOwn(values, name) ? values[name] : undefined,
      );
      expect(["undefined", "string", "number", "boolean"]).toContain(typeof value);
    }),
    { numRuns: 1_000 },
  );
  expect(parsedOnes).toBeGreaterThan(50);
});
