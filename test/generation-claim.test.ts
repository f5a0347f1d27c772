import { describe, expect, test } from "vitest";
import { parseSide } from "../coordinator/analysis/compare/side.ts";
import { comparePublished } from "../coordinator/published/compare-published.ts";
import { files, missing, readInput } from "./blog/kit.ts";

/**
 * The posts say that Ice Lake infers "up to 75 %" faster than Cascade Lake. Their tables have one run of each:
 * part 1 on a Xeon Platinum 8275CL, part 2 on a Xeon Platinum 8380, with other versions of both frameworks.
 */
function compareGenerations(filters: { readonly old: string; readonly young: string }) {
  const a = {
    input: readInput(files.part1, "core_count_scaling"),
    side: parseSide(`old,${filters.old}`),
  };
  const b = { input: readInput(files.scaling), side: parseSide(`young,${filters.young}`) };
  return comparePublished(a, b, 0.01);
}

/** How many times as fast the younger machine is in each cell, by length and cores; above 1 is faster. */
function factorsOf({ cells }: ReturnType<typeof compareGenerations>): Record<string, number> {
  return Object.fromEntries(
    cells.map(({ cell, ratio }) => [
      `${cell["sequence_length"]}/${cell["cores"]}`,
      Number((1 / (ratio.value ?? Number.NaN)).toFixed(3)),
    ]),
  );
}

describe.skipIf(missing !== null)(
  `the published generations${missing === null ? "" : ` (skipped: ${missing})`}`,
  () => {
    test("of PyTorch in eager mode nine cells are in both, and the younger machine is faster in none", () => {
      const found = compareGenerations({
        old: "runner=pytorch",
        young: "runner=pytorch,mode=eager",
      });
      expect(factorsOf(found)).toEqual({
        "512/1": 0.476,
        "32/1": 0.56,
        "512/4": 0.588,
        "128/1": 0.591,
        "512/16": 0.73,
        "128/4": 0.896,
        "32/4": 0.923,
        "128/16": 0.97,
        "32/16": 1,
      });
    });

    test("of TensorFlow in eager mode the younger machine is 0.37 to 1.62 times as fast: never 75 % faster", () => {
      const found = compareGenerations({
        old: "runner=tensorflow",
        young: "runner=tensorflow,mode=eager,onednn=off",
      });
      const factors = Object.values(factorsOf(found));
      expect(factors).toHaveLength(9);
      expect(Math.min(...factors)).toBe(0.367);
      expect(Math.max(...factors)).toBe(1.622);
    });

    test("there is not enough data for a verdict: one figure a cell has no interval, and the software differs", () => {
      const found = compareGenerations({
        old: "runner=pytorch",
        young: "runner=pytorch,mode=eager",
      });
      expect(found.outcome).toBe("not-enough-data");
      expect(found.counts).toEqual({ improved: 0, regressed: 0, same: 0, inconclusive: 9 });
      expect(found.cells.every(({ ratio }) => ratio.value !== null && ratio.low === null)).toBe(
        true,
      );
      expect(found.a.versions).toContain("pytorch 1.8.1");
      expect(found.b.versions).toContain("pytorch 1.9.0");
    });

    test("sides without a cell in common say what to do", () => {
      expect(() => compareGenerations({ old: "runner=pytorch", young: "runner=pytorch" })).toThrow(
        "name the axes in which they differ",
      );
    });
  },
);
