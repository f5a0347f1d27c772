import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { onnxruntimeDeclaration } from "../../shared/testing/runner-declarations.ts";
import { makeTopology } from "../../shared/testing/topologies.ts";
import { parseSweepFile } from "../sweep-file/parse-sweep-file.ts";
import { planSweep } from "./plan-sweep.ts";
import type { PlanningHost } from "./sweep-plan.ts";

const digest = (text: string): string => createHash("sha256").update(text).digest("hex");

const host: PlanningHost = {
  hostId: "xeon-1",
  topology: makeTopology({ packages: 2, nodesPerPackage: 1, coresPerNode: 4, threadsPerCore: 2 }),
  runners: [onnxruntimeDeclaration],
  labels: {},
};

test("the quickstart sweep comes to sixteen cells in one shard, one core and one socket", () => {
  const spec = parseSweepFile(readFileSync("examples/quickstart.yaml", "utf8"), "quickstart.yaml");
  const plan = planSweep(spec, [host], digest);
  const [planned] = plan.hosts;
  expect(planned?.shards.map((shard) => [shard.shardId, shard.cells.length])).toEqual([
    ["h1-0001", 16],
  ]);
  expect(planned?.placements.map((placement) => placement.resolved.instances[0]?.pus)).toEqual([
    [0],
    [0, 1, 2, 3],
  ]);
  expect(planned?.pruned).toEqual([]);
});
