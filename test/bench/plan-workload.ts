import { createHash } from "node:crypto";
import { outlineSweep, type SweepOutline } from "../../coordinator/logic/plan-sweep.ts";
import type { PlanningHost } from "../../coordinator/logic/sweep-plan.ts";
import { parseSweepFile } from "../../coordinator/sweep-file/parse-sweep-file.ts";
import {
  pytorchDeclaration,
  tensorflowDeclaration,
} from "../../shared/testing/runner-declarations.ts";
import { makeTopology } from "../../shared/testing/topologies.ts";

const digest = (text: string): string => createHash("sha256").update(text).digest("hex");

/** 2 x 40 cores with two threads, as in the published charts. */
const host: PlanningHost = {
  hostId: "xeon-1",
  topology: makeTopology({ packages: 2, nodesPerPackage: 1, coresPerNode: 40, threadsPerCore: 2 }),
  runners: [
    pytorchDeclaration,
    tensorflowDeclaration,
    { ...tensorflowDeclaration, name: "intel-tensorflow" },
  ],
  labels: {},
};

/** Sizes over which growth is shown. */
export const planSizes: readonly number[] = [1_000, 10_000, 100_000, 1_000_000];

/** A sweep file whose plan has exactly so many cells: a process for every fifty of them. */
export function fileOf(cells: number): string {
  return [
    "axes:",
    "  runner: pytorch",
    "  mode: [eager, graph]",
    "  model: bert-base",
    "  placement: compact",
    "  cores: 1..10",
    "  openmp: intel",
    `  kmp_blocktime: 1..${cells / (2 * 10 * 50)}`,
    "  batch_size: 1..10",
    "  sequence_length: 1..5",
  ].join("\n");
}

export function outlineOf(text: string): SweepOutline {
  return outlineSweep(parseSweepFile(text, "bench.yaml"), [host], digest);
}

/** Makes every cell with its id, and holds none. */
export function streamCells(outline: SweepOutline): number {
  let cells = 0;
  for (const planned of outline.hosts) {
    for (const shard of planned.shards()) cells += shard.cells.length;
  }
  return cells;
}
