import fc from "fast-check";
import { expect, test } from "vitest";
import { formatCpuMask } from "../testing/host-tree.ts";
import { parseCpuMask } from "./cpu-mask.ts";
import { maxPuId, toCpuSet } from "./cpuset.ts";

test("a mask of any width gives back the PUs that it was made of", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 5000 })), (pus) => {
      expect(parseCpuMask(formatCpuMask(pus))).toEqual(toCpuSet(pus));
    }),
  );
});

test("leading groups may be short or missing, and the last bit of a group does not wrap", () => {
  expect(parseCpuMask("ffff,00000000")).toEqual(Array.from({ length: 16 }, (_, i) => 32 + i));
  expect(parseCpuMask("80000000\n")).toEqual([31]);
  expect(parseCpuMask("1,80000000")).toEqual([31, 32]);
  expect(parseCpuMask("0x0000000100000001")).toEqual([0, 32]);
  expect(parseCpuMask("0")).toEqual([]);
});

test("what is no mask, and a PU beyond every kernel, is refused", () => {
  expect(parseCpuMask("")).toBeNull();
  expect(parseCpuMask("0-3")).toBeNull();
  expect(parseCpuMask("123456789,00000000")).toBeNull();
  expect(parseCpuMask("f".repeat(maxPuId))).toBeNull();
});
