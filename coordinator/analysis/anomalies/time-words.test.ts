import { expect, test } from "vitest";
import { describeShift, describeStretch, describeTime } from "./time-words.ts";

test.each([
  [0, 48_000, "from 0 s to 48 s"],
  [98_000, 131_000, "from 1 min 38 s to 2 min 11 s"],
  [600_000, 3_000_000, "from 10 min to 50 min"],
  [3 * 3_600_000 + 1_000, 5 * 3_600_000 + 125_000, "from 3 h to 5 h 2 min"],
  [3 * 3_600_000 + 1_000, 3 * 3_600_000 + 20_000, "from 3 h 1 s to 3 h 20 s"],
])("a stretch from %i to %i ms has two different ends in words", (from, to, words) => {
  expect(describeStretch(from, to)).toBe(words);
});

test("a length of time has no part that is 0", () => {
  expect(describeTime(7_200_000, true)).toBe("2 h");
  expect(describeTime(59_999, false)).toBe("1 min");
  expect(describeTime(400, true)).toBe("0 s");
});

test("a shift says its direction in words and its bounds in the same sense", () => {
  expect(describeShift(Math.log(1.031), { low: Math.log(1.02), high: Math.log(1.042) })).toBe(
    "3.1 % (2 to 4.2 %) longer",
  );
  expect(describeShift(Math.log(0.95), { low: Math.log(0.94), high: Math.log(0.96) })).toBe(
    "5 % (4 to 6 %) less long",
  );
  expect(describeShift(Math.log(1.1), null)).toBe("10 % longer");
});
