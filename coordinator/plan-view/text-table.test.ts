import fc from "fast-check";
import { expect, test } from "vitest";
import { formatDuration } from "./format-duration.ts";
import { formatTable, wrap } from "./text-table.ts";

test.each([
  [0.4, "under a second"],
  [45.4, "45 s"],
  [600, "10 min"],
  [5_400, "1 h 30 min"],
  [86_400, "24 h"],
  [86_400 * 3 + 3_600 * 4, "3 d 4 h"],
  [38_707_200, "448 d"],
])("%s seconds are %s", (seconds, expected) => {
  expect(formatDuration(seconds)).toBe(expected);
});

test("one column wraps at commas and blanks, the others keep their width", () => {
  const columns = [
    { title: "name", align: "left" },
    { title: "n", align: "right" },
    { title: "CPUs", align: "left", wraps: true },
  ] as const;
  const rows = [
    ["a", "12", "0-3,8-11,16-19,24-27,32-35"],
    ["long name", "4", "0-3"],
  ];
  expect(formatTable(columns, rows, 34)).toEqual([
    "  name        n  CPUs",
    "  a          12  0-3,8-11,16-19,",
    "                 24-27,32-35",
    "  long name   4  0-3",
  ]);
});

test("wrapping loses nothing but blanks at the ends of lines, and keeps to the width where it can", () => {
  const words = fc.array(fc.stringMatching(/^[a-z0-9]{1,9}[,]?$/), { maxLength: 30 });
  fc.assert(
    fc.property(words, fc.integer({ min: 10, max: 60 }), (some, width) => {
      const lines = wrap(some.join(" "), width);
      expect(lines.join(" ").replaceAll(" ", "")).toBe(some.join(""));
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
    }),
  );
});
