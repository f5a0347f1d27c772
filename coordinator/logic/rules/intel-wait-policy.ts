import type { CollapseRule } from "./rule.ts";

export const intelWaitPolicy: CollapseRule = {
  name: "intel-wait-policy",
  summary: "`wait_policy` means nothing to Intel's OpenMP, whose `kmp_blocktime` is always set",
  ignored: (cell) => (cell["openmp"] === "intel" && "wait_policy" in cell ? ["wait_policy"] : []),
  reason: () => "under Intel OpenMP kmp_blocktime decides how long threads spin",
};
