import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { parseSweepFile } from "./parse-sweep-file.ts";

function messageOf(text: string): string {
  try {
    parseSweepFile(text, "sweep.yaml");
  } catch (error) {
    if (error instanceof FleetsweepError && error.code === "sweep.invalid") return error.message;
    throw error;
  }
  throw new Error("the file was accepted");
}

test("the quickstart sweep is read with its method", () => {
  const spec = parseSweepFile(readFileSync("examples/quickstart.yaml", "utf8"), "quickstart.yaml");
  expect(spec.name).toBe("quickstart");
  expect(spec.matrices).toHaveLength(1);
  expect(spec.method).toMatchObject({ precision: "quick", minLaunches: 5, maxLaunches: 5 });
});

test("every problem is reported at once, with its place, a caret line and a hint", () => {
  const text = [
    "axes:",
    "  runner: onnxruntime",
    "  batchsize: [1, 4]",
    "  cores: [0, all]",
    "  smt: yes please",
    "method:",
    "  precision: quik",
    "hosts:",
    "  where: pakages >= 2",
    "",
  ].join("\n");
  expect(messageOf(text)).toBe(
    [
      "sweep.yaml has 5 problems",
      'sweep.yaml:3:3: unknown key "batchsize"',
      "   3 |   batchsize: [1, 4]",
      "     |   ^^^^^^^^^",
      "       = did you mean batch_size?",
      "sweep.yaml:4:11: cores: 0 is less than 1",
      "   4 |   cores: [0, all]",
      "     |           ^",
      "       = A whole number from 1 to 65536, or a range such as 1..8 or 1..all pow2, or all, pow2, divisors",
      'sweep.yaml:5:8: smt: "yes please" is not one of its values',
      "   5 |   smt: yes please",
      "     |        ^^^^^^^^^^",
      "       = One of off, on",
      "sweep.yaml:7:14: expected smoke, quick, normal, final",
      "   7 |   precision: quik",
      "     |              ^^^^",
      "       = did you mean quick?",
      "sweep.yaml:9:10: unknown name pakages",
      "   9 |   where: pakages >= 2",
      "     |          ^^^^^^^",
      "       = did you mean packages?",
    ].join("\n"),
  );
});

test("a problem at the start of a file that begins with a line break stands in line 1", () => {
  expect(messageOf("\n")).toContain("sweep.yaml:1:1: ");
});

test("the noise policy, the interleaving and the limits of time are the file's, else the defaults", () => {
  const methodOf = (text: string) =>
    parseSweepFile(`axes: {runner: onnxruntime}\nmethod: {${text}}`, "sweep.yaml").method;
  expect(methodOf("precision: quick")).toMatchObject({
    noise: "retry",
    interleave: true,
    maxCellSeconds: null,
    maxSweepSeconds: null,
  });
  const own = "noise: wait, interleave: false, max_cell_seconds: 90, max_sweep_seconds: 7200";
  expect(methodOf(own)).toMatchObject({
    noise: "wait",
    interleave: false,
    maxCellSeconds: 90,
    maxSweepSeconds: 7_200,
  });
  expect(messageOf("axes: {runner: onnxruntime}\nmethod: {noise: wiat}")).toContain(
    "did you mean wait?",
  );
  expect(messageOf("axes: {runner: onnxruntime}\nmethod: {max_cell_seconds: 0}")).toContain(
    "max_cell_seconds",
  );
});
