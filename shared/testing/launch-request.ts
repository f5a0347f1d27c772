import type { Cell } from "../domain/cell.ts";
import { type Method, precisionModes } from "../domain/method.ts";
import type { InstancePlacement } from "../domain/placement.ts";

/** A method that measures for a few milliseconds: enough for a test of the machinery. */
export function quickMethod(changes: Partial<Method> = {}): Method {
  return {
    ...precisionModes.smoke,
    minCalls: 4,
    minSeconds: 0.01,
    maxSeconds: 2,
    warmupMaxSeconds: 0.2,
    launchTimeoutSeconds: 60,
    ...changes,
  };
}

/** An instance on the given PUs, with memory wherever it runs. */
export function onPus(...pus: readonly number[]): InstancePlacement {
  return { pus, memoryNodes: [0], memoryPolicy: "local", threads: pus.length };
}

/** Cells that differ in their sequence length only, `c8` for 8. */
export function cellsOf(cell: Cell, sequenceLengths: readonly number[]) {
  return sequenceLengths.map((sequence_length) => ({
    cellId: `c${sequence_length}`,
    cell: { batch_size: 1, ...cell, sequence_length },
  }));
}
