import type { CollapseRule } from "./rule.ts";

/** https://openmp.llvm.org/design/Runtimes.html knows no GOMP_ variable. */
export const intelGomp: CollapseRule = {
  name: "intel-gomp",
  summary: "`gomp_spincount` means nothing to Intel's OpenMP",
  ignored: (cell) =>
    cell["openmp"] === "intel" && "gomp_spincount" in cell ? ["gomp_spincount"] : [],
  reason: () => "Intel OpenMP ignores GOMP_SPINCOUNT",
};
