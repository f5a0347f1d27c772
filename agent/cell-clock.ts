/** How long each cell of one launch took. */
export interface CellClock {
  /** The cell has its outcome at this moment. */
  readonly ended: (cellId: string) => void;
  /** In whole ms; 0 for a cell that never ran. */
  readonly elapsedMs: (cellId: string) => number;
}

/**
 * Starts now. A cell's time runs from the end of the cell before it, so that the times of all cells
 * add up to the launch's; the start of the process is the first cell's.
 */
export function startCellClock(monotonicMs: () => number): CellClock {
  let lastMs = monotonicMs();
  const elapsed = new Map<string, number>();
  return {
    ended: (cellId) => {
      const nowMs = monotonicMs();
      elapsed.set(cellId, Math.round(nowMs - lastMs));
      lastMs = nowMs;
    },
    elapsedMs: (cellId) => elapsed.get(cellId) ?? 0,
  };
}
