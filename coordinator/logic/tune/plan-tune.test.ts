import { expect, test } from "vitest";
import { defaultTune } from "../../../shared/domain/tune.ts";
import { sha256 } from "../../../shared/runtime/random-id.ts";
import { pytorchDeclaration } from "../../../shared/testing/runner-declarations.ts";
import { makeTopology } from "../../../shared/testing/topologies.ts";
import { parseSweepFile } from "../../sweep-file/parse-sweep-file.ts";
import type { PlanningHost } from "../sweep-plan.ts";
import { planTune } from "./plan-tune.ts";
import { tuneSpace } from "./tune-space.ts";

function host(hostId: string, coresPerNode = 20): PlanningHost {
  const topology = makeTopology({ packages: 2, nodesPerPackage: 1, coresPerNode });
  return { hostId, topology, runners: [pytorchDeclaration], labels: {} };
}

function planned(axes: string, hosts = [host("h1")], settings = {}) {
  const text = `axes:\n  runner: pytorch\n  mode: graph\n  placement: compact\n${axes}`;
  const spec = parseSweepFile(text, "tune.yaml");
  return planTune(spec, { ...defaultTune, ...settings }, hosts, sha256);
}

test("the published space has 18 configurations a core count: block time does nothing under GNU", () => {
  const axes = [
    "  cores: 1..all",
    "  allocator: [glibc, tcmalloc, jemalloc]",
    "  openmp: [gnu, intel]",
    "  thp: [always, never]",
    "  kmp_blocktime: [0, 1]",
  ].join("\n");
  const { plan, candidates } = planned(axes);
  expect(plan.candidateCount).toBe(18 * 40);
  expect(plan.coresPerPackage).toBe(20);
  const space = tuneSpace(
    candidates.map(({ cell }) => cell),
    plan.coresPerPackage,
  );
  expect(space.knobs.map(({ name }) => name).sort()).toEqual(
    ["allocator", "cores", "kmp_blocktime", "openmp", "thp"].sort(),
  );
});

test("hosts of the largest class tune together, at most as many as asked for", () => {
  const hosts = [host("big", 28), host("b"), host("a"), host("c")];
  expect(planned("  cores: [1, 2]", hosts).plan.hostIds).toEqual(["a", "b", "c"]);
  expect(planned("  cores: [1, 2]", hosts, { hosts: 2 }).plan.hostIds).toEqual(["a", "b"]);
});

test("several workloads are no tune for latency", () => {
  expect(() => planned("  batch_size: [1, 8]")).toThrow("batch_size has 2 values");
  expect(() => planned("  sequence_length: [8, 16]")).toThrow("sequence_length has 2 values");
  expect(
    planned("  batch_size: [1, 8]", undefined, { objectives: ["throughput"] }).plan.candidateCount,
  ).toBe(2);
});

test("a tune without a host that can run it says why", () => {
  expect(() => planned("  cores: 1", [])).toThrow("no host is connected");
  expect(() => planned("  cores: 999")).toThrow("cores");
});
