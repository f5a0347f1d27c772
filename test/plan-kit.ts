import { createHash } from "node:crypto";
import { planSweep } from "../coordinator/logic/plan-sweep.ts";
import type { HostPlan, PlanningHost, SweepPlan } from "../coordinator/logic/sweep-plan.ts";
import { parseSweepFile } from "../coordinator/sweep-file/parse-sweep-file.ts";
import type { Cell } from "../shared/domain/cell.ts";
import {
  onnxruntimeDeclaration,
  pytorchDeclaration,
  tensorflowDeclaration,
} from "../shared/testing/runner-declarations.ts";
import { type HostShape, makeTopology } from "../shared/testing/topologies.ts";

export const digest = (text: string): string => createHash("sha256").update(text).digest("hex");

export const runners = [onnxruntimeDeclaration, pytorchDeclaration, tensorflowDeclaration];

/** Two packages of four cores with two threads each, unless the shape says otherwise. */
export function makeHost(shape: Partial<HostShape> = {}, hostId = "xeon-1"): PlanningHost {
  const whole = { packages: 2, nodesPerPackage: 1, coresPerNode: 4, threadsPerCore: 2, ...shape };
  return { hostId, topology: makeTopology(whole), runners, labels: {} };
}

/** 2 x 40 cores, as in the published charts. */
export const icelake = makeHost({ coresPerNode: 40 });

export function plan(text: string, hosts: readonly PlanningHost[] = [makeHost()]): SweepPlan {
  return planSweep(parseSweepFile(text, "sweep.yaml"), hosts, digest);
}

export function cellsOf(host: HostPlan | undefined): readonly Cell[] {
  return (host?.shards ?? []).flatMap((shard) => shard.cells.map((planned) => planned.cell));
}

/** Cells that each rule takes out. */
export function prunedBy(host: HostPlan | undefined): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { rule, count } of host?.pruned ?? []) counts[rule] = (counts[rule] ?? 0) + count;
  return counts;
}
