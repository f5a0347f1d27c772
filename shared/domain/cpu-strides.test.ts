import fc from "fast-check";
import { expect, test } from "vitest";
import { foldStrides } from "./cpu-strides.ts";
import { formatCpuList, parseCpuList, toCpuSet } from "./cpuset.ts";

test("a folded list names the same PUs, and is never longer", () => {
  const pus = fc.array(fc.integer({ min: 0, max: 60 }));
  fc.assert(
    fc.property(pus, (numbers) => {
      const list = formatCpuList(toCpuSet(numbers));
      const folded = foldStrides(list);
      expect(parseCpuList(folded)).toEqual({ cpus: toCpuSet(numbers), problems: [] });
      expect(folded.length).toBeLessThanOrEqual(list.length);
    }),
    { numRuns: 1000 },
  );
});

test("round-robin numbering folds into a few strides", () => {
  expect(foldStrides("0,4,8,12,16,20")).toBe("0-20:4");
  expect(foldStrides("0-3,8,10,12,14,16")).toBe("0-3,8-16:2");
  expect(foldStrides("0-13,112-125")).toBe("0-13,112-125");
  expect(foldStrides("")).toBe("");
});
