import { canonicalCell } from "../../../shared/domain/cell.ts";
import type { Space } from "../../tuner/space.ts";

/** What an earlier tune's model says of the log cost of each cell, by its canonical text. */
export type Prior = ReadonlyMap<string, number>;

/** By configuration; where the earlier tune had no such cell, the mean of those that it had. */
export function priorOf(space: Space, prior: Prior): Float64Array | null {
  const known = space.configurations.map(({ cells: [position] }) =>
    prior.get(canonicalCell(space.cells[position ?? 0] ?? {})),
  );
  const values = known.filter((value) => value !== undefined);
  if (values.length === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Float64Array.from(known, (value) => value ?? mean);
}
