import { expect, test } from "vitest";
import { makeTopology } from "../testing/topologies.ts";
import { fingerprint, firstDifferingFacet, hostClass } from "./fingerprint.ts";
import type { SystemState, Topology } from "./topology.ts";
import { unknownTopology } from "./unknown-topology.ts";

const host = makeTopology({ packages: 2, nodesPerPackage: 1, coresPerNode: 4, threadsPerCore: 2 });

/** Not a hash, but different for different texts, which is what the class rests on. */
const digest = (text: string): string =>
  [...Array(text.length).keys()]
    .reduce((sum, index) => (sum * 31 + text.charCodeAt(index)) % 2 ** 32, 7)
    .toString(16)
    .padStart(8, "0");

function withState(state: Partial<SystemState>): Topology {
  return { ...host, system: { ...host.system, ...state } };
}

function withMemory(gib: number, flags: Topology["flags"] = null): Topology {
  const numaNodes = host.numaNodes.map((node) => ({ ...node, memoryBytes: gib * 2 ** 30 }));
  return { ...host, numaNodes, flags };
}

function difference(a: Topology, b: Topology): unknown {
  return firstDifferingFacet(fingerprint(a), fingerprint(b));
}

test("hosts that differ only in their numbering are of one class", () => {
  const renumbered: Topology = {
    ...host,
    packages: host.packages.map((set) => ({ ...set, id: set.id * 36 + 8442 })),
    cores: host.cores.map((core) => ({ ...core, core: (core.core ?? 0) * 4 })),
  };
  expect(hostClass(renumbered, {}, digest)).toBe(hostClass(host, {}, digest));
});

test("the class says the shape of the host and changes with any facet", () => {
  const governor = withState({ scalingGovernor: { powersave: "0-15" } });
  expect(hostClass(host, {}, digest)).toMatch(/^2p2n8c-[0-9a-f]{8}$/);
  expect(hostClass(governor, {}, digest)).not.toBe(hostClass(host, {}, digest));
  expect(hostClass(host, { BIOS: "1.2" }, digest)).not.toBe(hostClass(host, {}, digest));
});

test("the first differing facet is named with both values, the weightiest first", () => {
  const a = withState({ scalingGovernor: { performance: "0-15" }, kernelRelease: "6.8" });
  const b = withState({ scalingGovernor: { performance: "0-14", powersave: "15" } });
  expect(difference(a, b)).toEqual({ name: "kernel", a: "6.8", b: "unknown" });
  const c = withState({
    scalingGovernor: { performance: "0-14", powersave: "15" },
    kernelRelease: "6.8",
  });
  expect(difference(a, c)).toEqual({
    name: "governor",
    a: "performance",
    b: "performance on 15, powersave on 1",
  });
  expect(difference(a, a)).toBeNull();
});

test("a host whose cgroup has a quota is in a class of its own", () => {
  const limited = withState({ cgroupCpuQuota: 1.5, cgroupMemoryBytes: 2 ** 31 });
  expect(difference(withState({}), limited)).toEqual({
    name: "CPU quota",
    a: "unknown",
    b: "1.5",
  });
  expect(difference(withState({ cgroupCpuQuota: 1.5 }), limited)).toMatchObject({ b: "2 GiB" });
});

test("memory that firmware keeps back differs between alike hosts, a missing DIMM does not hide", () => {
  expect(difference(withMemory(503.4), withMemory(503.9))).toBeNull();
  expect(difference(withMemory(503.9), withMemory(471.9))).toMatchObject({
    name: "memory per NUMA node",
    a: "512GiB 512GiB",
    b: "480GiB 480GiB",
  });
});

test("a virtual machine keeps its class while its memory is ballooned", () => {
  const flags = { hypervisor: true };
  expect(difference(withMemory(5.1, flags), withMemory(7.6, flags))).toBeNull();
});

test("kernel parameters count where they change measurements, and the root disk does not", () => {
  const a = withState({ kernelCmdline: "root=UUID=1 ro mitigations=off" });
  expect(difference(a, withState({ kernelCmdline: "root=UUID=2 ro mitigations=off" }))).toBeNull();
  expect(difference(a, withState({ kernelCmdline: "root=UUID=1 ro" }))).toEqual({
    name: "kernel parameters",
    a: "mitigations=off",
    b: "none",
  });
});

test("a host that says nothing has a fingerprint in which everything is unknown", () => {
  const values = fingerprint(unknownTopology).filter(({ value }) => value !== "unknown");
  expect(values.map(({ name }) => name)).toEqual(["packages", "usable CPUs"]);
});
