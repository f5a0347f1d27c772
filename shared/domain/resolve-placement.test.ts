import fc from "fast-check";
import { expect, test } from "vitest";
import { crossed, placementFaults } from "../testing/check-placement.ts";
import { type HostShape, makeTopology } from "../testing/topologies.ts";
import type { Cell } from "./cell.ts";
import { formatCpuList, parseCpuList } from "./cpuset.ts";
import { resolvePlacement } from "./resolve-placement.ts";
import type { Topology } from "./topology.ts";
import { unknownTopology } from "./unknown-topology.ts";

const shapes: fc.Arbitrary<HostShape> = fc.record({
  packages: fc.constantFrom(1, 2, 3, 4, 8),
  nodesPerPackage: fc.constantFrom(0, 1, 2, 3, 4),
  coresPerNode: fc.integer({ min: 1, max: 9 }),
  threadsPerCore: fc.constantFrom(1, 2, 4),
});

/** Hosts of which cgroups, isolation and hotplug leave any part. */
const topologies: fc.Arbitrary<Topology> = shapes.chain((shape) => {
  const whole = makeTopology(shape);
  const pus = [...parseCpuList(whole.cpus.online).cpus];
  const part = (probability: number) =>
    fc
      .array(fc.integer({ min: 0, max: 99 }), { minLength: pus.length, maxLength: pus.length })
      .map((dice) => pus.filter((_, index) => (dice[index] ?? 0) < probability));
  return fc.tuple(part(70), part(10), fc.boolean()).map(([allowed, isolated, limited]) =>
    limited
      ? makeTopology({
          ...shape,
          allowed: formatCpuList(allowed),
          isolated: formatCpuList(isolated),
        })
      : whole,
  );
});

const cells: fc.Arbitrary<Cell> = fc
  .record(
    {
      placement: fc.oneof(
        fc.constantFrom("one-socket", "all-sockets", "per-socket", "2-per-socket", "3-per-socket"),
        fc.constantFrom("per-numa-node", "per-l3", "compact", "spread", "remote-memory"),
        fc.constantFrom("smart-dispatch-short", "smart-dispatch-medium", "smart-dispatch-long"),
        fc.constantFrom("cpus:0-1", "cpus:0|1", "cpus:0-1@0|2-3@1"),
      ),
      cores: fc.oneof(fc.constant("all" as const), fc.integer({ min: 1, max: 12 })),
      instances: fc.integer({ min: 1, max: 9 }),
      smt: fc.constantFrom("off", "on"),
      memory_policy: fc.constantFrom("local", "bind", "interleave", "preferred"),
      remainder: fc.constantFrom("drop", "spread", "refuse"),
      socket: fc.integer({ min: 0, max: 3 }),
    },
    { requiredKeys: ["placement"] },
  )
  .map((cell) => cell as Cell);

test("on any host every placement is disjoint, legal, one PU a core and bound to its nodes, or refused", () => {
  fc.assert(
    fc.property(topologies, cells, (topology, cell) => {
      const resolved = resolvePlacement(topology, cell);
      if ("refused" in resolved) {
        expect(resolved.refused).not.toBe("");
        return;
      }
      const named = String(cell["placement"]);
      const remote = named === "remote-memory";
      const smt = cell["smt"] === "on";
      const faults = placementFaults(topology, resolved, { smt, remote });
      // An explicit list may name other nodes than its own.
      const wrong = faults.filter((fault) => !named.includes("@") || !fault.includes("memory"));
      expect(wrong).toEqual([]);
    }),
    { numRuns: 600 },
  );
});

test("instances have equally many threads unless the remainder is spread or a core lost a thread", () => {
  fc.assert(
    fc.property(shapes, cells, (shape, cell) => {
      if (cell["remainder"] === "spread" || String(cell["placement"]).startsWith("cpus:")) return;
      const resolved = resolvePlacement(makeTopology(shape), cell);
      if ("refused" in resolved) return;
      expect(new Set(resolved.instances.map((instance) => instance.threads)).size).toBe(1);
    }),
    { numRuns: 200 },
  );
});

test("several instances cross no package, and no NUMA node that they fit into", () => {
  fc.assert(
    fc.property(shapes, cells, (shape, cell) => {
      const topology = makeTopology(shape);
      const resolved = resolvePlacement(topology, cell);
      if ("refused" in resolved || String(cell["placement"]).startsWith("cpus:")) return;
      if (resolved.instances.length < 2 || cell["placement"] === "compact") return;
      const packages = topology.packages.map((entry) => entry.cpus);
      const nodes = topology.numaNodes.map((node) => node.cpus);
      for (const { pus, threads } of resolved.instances) {
        const cores = cell["smt"] === "on" ? threads / (shape.threadsPerCore ?? 1) : threads;
        const fits = cores <= shape.coresPerNode && nodes.length > 0;
        expect(crossed(packages, pus)).toBe(1);
        if (fits) expect(crossed(nodes, pus)).toBe(1);
      }
    }),
    { numRuns: 400 },
  );
});

test("a host that says nothing, and any value on the wire, is refused and never thrown at", () => {
  expect(resolvePlacement(unknownTopology, {})).toEqual({
    refused: "no usable CPU: all of none are isolated",
  });
  const topology = makeTopology({ packages: 2, nodesPerPackage: 1, coresPerNode: 4 });
  const value = fc.oneof(
    fc.string(),
    fc.double(),
    fc.boolean(),
    fc.constantFrom("cpus:@", "cpus:0-9|"),
  );
  const names = fc.constantFrom("placement", "cores", "instances", "smt", "socket", "remainder");
  fc.assert(
    fc.property(fc.dictionary(names, value), (cell) => {
      const resolved = resolvePlacement(topology, cell);
      return (
        "refused" in resolved || placementFaults(topology, resolved, { smt: true }).length === 0
      );
    }),
    { numRuns: 400 },
  );
});

test("what shares a core, or is not there, cannot be given as CPUs", () => {
  const topology = makeTopology({
    packages: 2,
    nodesPerPackage: 1,
    coresPerNode: 4,
    threadsPerCore: 2,
  });
  const refusal = (placement: string, more: Cell = {}) =>
    resolvePlacement(topology, { placement, ...more });
  expect(refusal("cpus:0,8")).toEqual({
    refused: "CPUs 0,8 are threads of one core: leave one out or set smt: on",
  });
  expect(refusal("cpus:14-17")).toEqual({
    refused: "CPUs 16-17 are offline, isolated, not allowed or not there",
  });
  expect(refusal("cpus:0-3@7")).toEqual({ refused: "the host has no NUMA node 7" });
  expect(refusal("cpus:0-3@1")).toMatchObject({
    instances: [{ pus: [0, 1, 2, 3], memoryNodes: [1], memoryPolicy: "bind", threads: 4 }],
  });
});
