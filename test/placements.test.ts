import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseCpuList } from "../shared/domain/cpuset.ts";
import { usableCores } from "../shared/domain/host-cores.ts";
import { resolvePlacement } from "../shared/domain/resolve-placement.ts";
import type { Topology } from "../shared/domain/topology.ts";
import { crossed, placementFaults } from "../shared/testing/check-placement.ts";

const folder = "../shared/fixtures/topology";

function readHosts(): readonly (readonly [string, Topology])[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, "sysroot.tar.gz")))
    .map((name) => {
      const truth = JSON.parse(readFileSync(join(folder, name, "truth.json"), "utf8")) as Topology;
      return [name, { ...truth, warnings: [] }] as const;
    });
}

const hosts = readHosts();
const names = [
  "one-socket",
  "all-sockets",
  "per-socket",
  "2-per-socket",
  "4-per-socket",
  "per-numa-node",
  "per-l3",
  "compact",
  "spread",
  "remote-memory",
  "smart-dispatch-short",
  "smart-dispatch-medium",
  "smart-dispatch-long",
];
const policies = ["local", "bind", "interleave", "preferred"];

describe.skipIf(hosts.length === 0)("on captured hosts (skipped without ../shared)", () => {
  test.each(hosts)(
    "%s: every placement is disjoint, legal and bound, or refused",
    (_, topology) => {
      let placed = 0;
      for (const placement of names) {
        for (const smt of ["off", "on"]) {
          for (const memory of policies) {
            const remote = placement === "remote-memory";
            const cell = { placement, smt, ...(remote ? {} : { memory_policy: memory }) };
            const resolved = resolvePlacement(topology, cell);
            if ("refused" in resolved) {
              expect(resolved.refused).not.toBe("");
              continue;
            }
            placed += 1;
            const faults = placementFaults(topology, resolved, { smt: smt === "on", remote });
            expect({ cell, faults }).toEqual({ cell, faults: [] });
          }
        }
      }
      expect(placed).toBeGreaterThan(0);
    },
  );

  test.each(hosts)(
    "%s: each number of cores up to the whole host stays as near as it fits",
    (_, topology) => {
      const host = usableCores(topology);
      if ("refused" in host) throw new Error(host.refused);
      const total = host.packages.reduce((sum, entry) => sum + entry.cores.length, 0);
      const counts = [...new Set([1, 2, 3, 5, Math.ceil(total / 3), Math.ceil(total / 2), total])];
      for (const cores of counts.filter((count) => count <= total)) {
        const resolved = resolvePlacement(topology, { placement: "compact", cores });
        if ("refused" in resolved) throw new Error(resolved.refused);
        expect(placementFaults(topology, resolved, { smt: false })).toEqual([]);
        const pus = resolved.instances[0]?.pus ?? [];
        expect(pus).toHaveLength(cores);
        const packages = host.packages.map((entry) => entry.cores.length).sort((a, b) => b - a);
        const needed =
          packages.findIndex((_size, index) => sum(packages.slice(0, index + 1)) >= cores) + 1;
        expect(
          crossed(
            topology.packages.map((entry) => entry.cpus),
            pus,
          ),
        ).toBe(needed);
      }
    },
  );

  test("the whole of one socket of the SNC4 host is bound to its four NUMA nodes", () => {
    const topology = hostNamed("synth-2s-spr8480-snc4");
    const resolved = resolvePlacement(topology, { placement: "one-socket", memory_policy: "bind" });
    expect(resolved).toMatchObject({ instances: [{ memoryNodes: [0, 1, 2, 3], threads: 56 }] });
    const second = { placement: "one-socket", socket: 1 };
    // CPUs 110 and 111 are isolated.
    expect(resolvePlacement(topology, second)).toMatchObject({ instances: [{ threads: 54 }] });
  });

  test("hosts with one usable package have no placement across packages", () => {
    for (const name of ["1s-raptorlake-i7-1370p", "synth-2s-emr-container-cgroup2"]) {
      for (const placement of ["all-sockets", "spread", "remote-memory"]) {
        const resolved = resolvePlacement(hostNamed(name), { placement });
        expect(resolved).toEqual({ refused: "single package" });
      }
    }
  });

  test("a hybrid host is measured on its fast cores", () => {
    const resolved = resolvePlacement(hostNamed("1s-raptorlake-i7-1370p"), { smt: "on" });
    expect(resolved).toMatchObject({ instances: [{ pus: parseCpuList("0-11").cpus }] });
  });

  test("nodes without memory, or that overlap, are refused where they would have to be bound", () => {
    const qemu = hostNamed("fake-2s-hmat-initiators");
    expect(resolvePlacement(qemu, { memory_policy: "bind" })).toEqual({
      refused: "NUMA node 0 has no memory to bind",
    });
    const buggy = hostNamed("2s-e5472-buggy-numa");
    expect(resolvePlacement(buggy, { placement: "per-numa-node" })).toEqual({
      refused: "CPU 0 is in several NUMA nodes (0,1,2,3,4,5,6,7)",
    });
    const lost = hostNamed("2s-haswell-offline-cpu0-node0");
    expect(resolvePlacement(lost, { placement: "per-numa-node" })).toMatchObject({
      refused: expect.stringContaining("is in no NUMA node") as string,
    });
    // Half of its CPUs are on node 1: to bind all to that would bind the others to foreign memory.
    for (const memory_policy of ["bind", "interleave", "preferred"]) {
      const everywhere = { placement: "all-sockets", memory_policy };
      expect(resolvePlacement(lost, everywhere)).toEqual({
        refused: `${memory_policy} needs NUMA nodes, and CPU 4 is in none`,
      });
    }
  });

  test("an uneven split drops, spreads or refuses, and lists what is idle", () => {
    const uneven = hostNamed("2s-haswell-offline-cpu0-node0");
    const split = (remainder: string) =>
      resolvePlacement(uneven, { placement: "per-socket", remainder });
    const threads = (resolved: ReturnType<typeof split>) =>
      "refused" in resolved ? resolved.refused : resolved.instances.map((entry) => entry.threads);
    expect(threads(split("drop"))).toEqual([8, 8]);
    expect(split("drop")).toMatchObject({ idlePus: [expect.any(Number)] });
    expect(threads(split("spread"))).toEqual([9, 8]);
    expect(threads(split("refuse"))).toBe(
      "an even split gives 8 cores an instance and leaves 1 core idle",
    );
  });
});

function hostNamed(name: string): Topology {
  const found = hosts.find(([host]) => host === name)?.[1];
  if (found === undefined) throw new Error(`no captured host ${name}`);
  return found;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
