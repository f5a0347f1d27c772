import type { CollapseRule } from "./rule.ts";

/** https://gcc.gnu.org/onlinedocs/libgomp/Environment-Variables.html knows no KMP_ variable. */
export const gnuBlocktime: CollapseRule = {
  name: "gnu-blocktime",
  summary: "`kmp_blocktime` means nothing to GNU OpenMP",
  ignored: (cell) => (cell["openmp"] === "gnu" && "kmp_blocktime" in cell ? ["kmp_blocktime"] : []),
  reason: () => "GNU OpenMP ignores KMP_BLOCKTIME",
};
