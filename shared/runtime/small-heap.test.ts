import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { smallHeapFlags } from "./small-heap.ts";

test("the Node that runs here starts with the flags for it", () => {
  const args = [...smallHeapFlags(process.versions.node), "-p", "6 * 7"];
  expect(execFileSync(process.execPath, args, { encoding: "utf8" })).toBe("42\n");
});

test("a flag that only some versions know is given to those alone", () => {
  expect(smallHeapFlags("20.19.0").join(" ")).toContain("--interrupt-budget");
  expect(smallHeapFlags("24.21.0").join(" ")).not.toContain("--interrupt-budget");
});
