import type { CollapseRule } from "./rule.ts";

export const glibcTunables: CollapseRule = {
  name: "glibc-tunables",
  summary: "`allocator_tunables` are those of a preloaded allocator",
  ignored: (cell) =>
    cell["allocator"] === "glibc" && "allocator_tunables" in cell ? ["allocator_tunables"] : [],
  reason: () => "glibc's allocator is not preloaded and gets no tunables",
};
