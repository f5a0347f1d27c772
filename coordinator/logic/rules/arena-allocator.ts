import type { Cell } from "../../../shared/domain/cell.ts";
import type { CollapseRule } from "./rule.ts";

export const arenaAllocator: CollapseRule = {
  name: "arena-allocator",
  summary: "`allocator` changes nothing while the runner's own arena holds the tensors",
  ignored: (cell, declaration) =>
    hasArena(cell, Object.keys(declaration.parameters))
      ? ["allocator", "allocator_tunables"].filter((axis) => axis in cell)
      : [],
  reason: (_, cell) => `the arena of ${cell["runner"]} serves the allocations`,
};

/** A declared flag such as `arena` or `cpu_mem_arena` that is on. */
function hasArena(cell: Cell, parameters: readonly string[]): boolean {
  return parameters.some(
    (name) => name.includes("arena") && (cell[name] === true || cell[name] === "on"),
  );
}
