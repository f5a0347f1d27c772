import type { PlannedCell } from "../../shared/domain/log-event.ts";

/** Cells of the simulated runner that differ in their batch, with the ids that `idOf` gives to their numbers from 1. */
export function noopCells(count: number, idOf: (number: number) => string): PlannedCell[] {
  return Array.from({ length: count }, (_, index) => ({
    cellId: idOf(index + 1),
    cell: {
      runner: "noop",
      model: "nothing",
      placement: "one-socket",
      batch_size: index + 1,
      cores: 1,
    },
  }));
}

/** What a plan says of a host beside its shards. */
export const plainHost = {
  pruned: [],
  placements: [],
  estimatedSeconds: 0,
  estimateBasis: "none",
};
