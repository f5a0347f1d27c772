import { expect, test } from "vitest";
import { parseSweepFile } from "./parse-sweep-file.ts";

const axes = "axes: {runner: onnxruntime, batch_size: [4, 1], cores: 2..all pow2}";
const parse = (canaries: string) => parseSweepFile(`${axes}\n${canaries}`, "sweep.yaml");

test("without a word of them there are none", () => {
  expect(parse("").canaries).toBeNull();
});

test("an empty map asks for one canary: the first value of every axis, every 15 minutes", () => {
  const { canaries } = parse("canaries: {}");
  expect(canaries?.everyMinutes).toBe(15);
  expect(canaries?.matrices).toEqual([
    {
      axes: {
        runner: [{ type: "value", value: "onnxruntime" }],
        batch_size: [{ type: "value", value: 4 }],
        cores: [{ type: "value", value: 2 }],
      },
      parameters: {},
    },
  ]);
});

test("an entry names what is different", () => {
  const found = parse(
    "canaries: {every_minutes: 2.5, cells: [{batch_size: 8, cores: all}]}",
  ).canaries;
  expect(found?.everyMinutes).toBe(2.5);
  expect(found?.matrices[0]?.axes).toMatchObject({
    batch_size: [{ type: "value", value: 8 }],
    cores: [{ type: "value", value: "all" }],
  });
});

test.each([
  [
    "canaries: {cells: [{batch_size: [1, 2]}]}",
    "sweep.yaml:2:33: batch_size: a canary is one cell",
  ],
  ["canaries: {cells: [{cores: 1..4}]}", "cores: a canary is one cell"],
  ["canaries: {cells: [{cores: pow2}]}", "cores: a canary is one cell"],
  ["canaries: {cells: [{batch_size: none}]}", 'batch_size: "none" is neither a number nor a range'],
  ["canaries: {cells: [{bach_size: 1}]}", "did you mean batch_size?"],
  ["canaries: {every_minute: 3}", "did you mean every_minutes?"],
  ["canaries: {every_minutes: 0}", "must be more than 0"],
  ["canaries: {cells: []}", "must be at least 1"],
  ["canaries: {cells: [{}, {}, {}, {}, {}]}", "must be at most 4"],
  ["canaries: yes", "expected a map"],
])("%s is refused with its place", (text, problem) => {
  expect(() => parse(text)).toThrow(problem);
});
