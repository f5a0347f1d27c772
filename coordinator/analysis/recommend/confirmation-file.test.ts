import { expect, test } from "vitest";
import { parseSweepFile } from "../../sweep-file/parse-sweep-file.ts";
import { confirmationFile } from "./confirmation-file.ts";

const axes = { runner: "onnxruntime", model: "bert-mini", placement: "one-socket" };
const item = {
  hostId: "h1",
  winner: { cell: { ...axes, cores: 2, spinning: true, arena: true } },
  baseline: { cell: { ...axes, cores: 1, spinning: false } },
} as unknown as Parameters<typeof confirmationFile>[1][number];

test("what only a runner declares is written where a sweep file has it, for every cell", () => {
  const source = confirmationFile("quick start", [item]);
  expect(source).toContain('\nparameters: {"spinning":true,"arena":true}\n');
  expect(source).toContain('\n    parameters: {"spinning":false}\n');
  expect(() => parseSweepFile(source, "confirmation.yaml")).not.toThrow();
});

test("without a winner that meets a baseline there is no file", () => {
  expect(confirmationFile("s", [{ ...item, baseline: null }])).toBe("");
});
