import { expect, test } from "vitest";
import { plan } from "../../test/plan-kit.ts";
import { describeUnplaceable } from "./describe-unplaceable.ts";

function explain(text: string): string {
  return describeUnplaceable({ text, fileName: "sweep.yaml" }, plan(text).unmatched);
}

test("a sweep that no host can run names the place in the file that is to blame", () => {
  const text = "axes:\n  runner: onnxruntime\n  cores: 64\n";
  expect(explain(text)).toMatch(
    /^no host can run a cell of sweep.yaml\nsweep.yaml:3:10: .*64.*\n {3}3 \| {3}cores: 64\n {5}\| {10}\^\^$/,
  );
  const place = (wrong: string) => /sweep.yaml:\d+:\d+/.exec(explain(wrong))?.[0];
  expect(place("axes:\n  runner: onnxrutime\n")).toBe("sweep.yaml:2:11");
  expect(place("axes: {runner: onnxruntime}\nhosts:\n  where: packages > 9\n")).toBe(
    "sweep.yaml:3:10",
  );
  expect(place("axes:\n  runner: onnxruntime\n  dtype: fp8\n")).toBe("sweep.yaml:3:10");
  expect(place("axes:\n  runner: onnxruntime\n  placement: cpus:0-1\n  threads: 5\n")).toBe(
    "sweep.yaml:4:12",
  );
  expect(place("axes: {runner: onnxruntime}\nwhen: cores == 99\n")).toBe("sweep.yaml:2:7");
});
