import { expect, test } from "vitest";
import type { SystemState, Topology } from "../../shared/domain/topology.ts";
import { unknownTopology } from "../../shared/domain/unknown-topology.ts";
import { makeTopology } from "../../shared/testing/topologies.ts";
import { parseCpuInfo } from "./cpuinfo.ts";
import type { DoctorFacts, Finding } from "./doctor/finding.ts";
import { diagnose } from "./doctor.ts";
import { renderFindings } from "./doctor-report.ts";

const calm: Partial<SystemState> = {
  scalingGovernor: { performance: "0-15" },
  intelPstateNoTurbo: 1,
  numaBalancing: 0,
  thpEnabled: "always [madvise] never",
  swapTotalBytes: 0,
  smtControl: "off",
};

const host = makeTopology({ packages: 2, nodesPerPackage: 1, coresPerNode: 8 });

interface Changes extends Partial<Omit<Topology, "system">> {
  readonly system?: Partial<SystemState>;
}

function factsOf(changes: Changes = {}, probes: Partial<DoctorFacts> = {}): DoctorFacts {
  const system = { ...host.system, ...calm, ...changes.system };
  return { topology: { ...host, ...changes, system }, load: null, programs: null, ...probes };
}

function seriousFacts(facts: DoctorFacts): string[] {
  return diagnose(facts)
    .filter(({ severity }) => severity === "serious")
    .map(({ fact }) => fact);
}

function find(facts: DoctorFacts, words: string): Finding | undefined {
  return diagnose(facts).find(({ fact }) => fact.includes(words));
}

test("a host that is set up for measuring has no findings", () => {
  expect(diagnose(factsOf())).toEqual([]);
  expect(renderFindings([], { width: 80, colour: false })).toContain("Nothing on this host");
});

test("a governor that is wrong on some CPUs only is serious, and the command names them", () => {
  const facts = factsOf({
    system: { scalingGovernor: { performance: "0-4,6-15", powersave: "5" } },
  });
  expect(seriousFacts(facts)).toEqual([
    "the frequency governor is performance on 0-4,6-15, powersave on 5",
  ]);
  expect(find(facts, "governor")?.command).toBe("sudo cpupower -c 5 frequency-set -g performance");
});

test("turbo that cannot be told is a warning, turbo that is on a note", () => {
  const unknown = factsOf({ system: { intelPstateNoTurbo: null, cpufreqBoost: null } });
  expect(find(unknown, "turbo is unknown")?.severity).toBe("warning");
  const boost = factsOf({ system: { intelPstateNoTurbo: null, cpufreqBoost: 1 } });
  expect(find(boost, "turbo is on")?.severity).toBe("note");
});

test("a cpuset smaller than the host is serious", () => {
  const facts = factsOf({ cpus: { ...host.cpus, allowed: "0-3" } });
  expect(seriousFacts(facts)).toEqual(["this process may use 4 of 16 CPUs: 0-3"]);
});

test("a node without memory, and nodes with unequal memory, are serious", () => {
  const withMemory = (...gib: readonly number[]): Changes => ({
    numaNodes: host.numaNodes.map((node, index) => ({
      ...node,
      memoryBytes: (gib[index] ?? 0) * 2 ** 30,
    })),
  });
  expect(seriousFacts(factsOf(withMemory(64, 0)))).toEqual([
    "NUMA nodes 1 have CPUs and no memory",
  ]);
  expect(seriousFacts(factsOf(withMemory(64, 48)))).toEqual([
    "memory is unequal: node 1 has 48 GiB, node 0 64 GiB",
  ]);
  expect(seriousFacts(factsOf(withMemory(64, 62.5)))).toEqual([]);
  expect(seriousFacts(factsOf(withMemory(8, 6)))).toEqual([]);
  expect(seriousFacts(factsOf(withMemory(256, 240)))).toHaveLength(1);
});

test("a package without a NUMA node is serious where the host has nodes", () => {
  const numaNodes = host.numaNodes.slice(1);
  expect(seriousFacts(factsOf({ numaNodes }))).toEqual(["packages 0 have no NUMA node"]);
  expect(seriousFacts(factsOf({ numaNodes: [] }))).toEqual([]);
});

test("mixed microcode is serious, and so is memory in swap", () => {
  const gib = 2 ** 30;
  const facts = factsOf({
    system: {
      microcodeSysfs: { "0x2b": "0-14", "0x2c": "15" },
      swapTotalBytes: 8 * gib,
      swapFreeBytes: 4 * gib,
      memTotalBytes: 64 * gib,
    },
  });
  expect(seriousFacts(facts)).toEqual([
    "microcode differs between CPUs: 0x2b on 0-14, 0x2c on 15",
    "4 GiB of 8 GiB swap are in use",
  ]);
});

test("a quota on CPU time is serious, one on memory a warning, and neither where it is wider", () => {
  const memTotalBytes = 64 * 2 ** 30;
  const tight = { cgroupCpuQuota: 1.5, cgroupMemoryBytes: 2 ** 30, memTotalBytes };
  expect(seriousFacts(factsOf({ system: tight }))).toEqual([
    "the cgroup leaves 1.5 of 16 CPUs' time to this process",
  ]);
  expect(find(factsOf({ system: tight }), "1 GiB of memory")?.severity).toBe("warning");
  const wide = { cgroupCpuQuota: 16, cgroupMemoryBytes: 2 ** 40, memTotalBytes };
  expect(diagnose(factsOf({ system: wide }))).toEqual([]);
});

test("mixed microcode that only cpuinfo shows is serious too", () => {
  const { cpu } = parseCpuInfo(
    "processor : 0\nmicrocode : 0x2b\n\nprocessor : 1\nmicrocode : 0x2c\n",
    [0, 1],
  );
  expect(seriousFacts(factsOf({ cpu }))).toEqual([
    "microcode differs between CPUs: 0x2b on 0, 0x2c on 1",
  ]);
});

test("boost on some CPUs only is serious, and the command names the policies", () => {
  const policyBoost = { "1": "0-14", "0": "15" };
  const facts = factsOf({ system: { intelPstateNoTurbo: null, policyBoost } });
  expect(seriousFacts(facts)).toEqual(["turbo is on some CPUs only: boost 0 on 15, 1 on 0-14"]);
  expect(find(facts, "turbo")?.command).toContain("policy*/boost");
});

test("siblings that are offline because SMT is off are a note, other offline CPUs a warning", () => {
  const cpus = { ...host.cpus, offline: "16-31" };
  expect(find(factsOf({ cpus }), "are offline")?.severity).toBe("note");
  const on = find(factsOf({ cpus, system: { smtControl: "on" } }), "are offline");
  expect([on?.severity, on?.command]).toEqual(["warning", "sudo chcpu -e 16-31"]);
});

test("the work of others is serious beyond what daemons need", () => {
  const load = { stolenShare: 0, loadAverage: 3.1 };
  expect(seriousFacts(factsOf({}, { load: { ...load, busyCpus: 0.2 } }))).toEqual([]);
  expect(seriousFacts(factsOf({}, { load: { ...load, busyCpus: 3 } }))).toEqual([
    "others keep 3.0 of 16 CPUs busy, load average 3.10",
  ]);
  const stolen = factsOf({}, { load: { busyCpus: 0, stolenShare: 0.04, loadAverage: null } });
  expect(seriousFacts(stolen)).toEqual(["the hypervisor takes 4.0 % of the time away"]);
});

test("missing numactl is serious where there is more than one node to bind to", () => {
  const programs = { numactl: null, natsServerVersion: "2.9.10", blas: null };
  expect(seriousFacts(factsOf({}, { programs }))).toEqual(["numactl is not installed"]);
  const one = makeTopology({ packages: 1, nodesPerPackage: 1, coresPerNode: 2 });
  const facts = factsOf({ ...one, system: calm }, { programs });
  expect(seriousFacts(facts)).toEqual([]);
  expect(find(facts, "numactl")?.severity).toBe("warning");
});

test("the reference BLAS and an old NATS are warnings, OpenBLAS is none", () => {
  const tools = { numactl: "/usr/bin/numactl", natsServerVersion: "2.8.4" };
  const reference = "/usr/lib/x86_64-linux-gnu/blas/libblas.so.3.11.0";
  const old = factsOf({}, { programs: { ...tools, blas: reference } });
  expect(find(old, "reference BLAS")?.severity).toBe("warning");
  expect(find(old, "nats-server is 2.8.4")?.severity).toBe("warning");
  const openblas = "/usr/lib/x86_64-linux-gnu/openblas-pthread/libblas.so.3";
  const fine = { ...tools, natsServerVersion: "2.10.7", blas: openblas };
  expect(diagnose(factsOf({}, { programs: fine }))).toEqual([]);
});

test("sub-NUMA clustering is noted, and SMT on some cores only is a warning", () => {
  const snc = makeTopology({ packages: 2, nodesPerPackage: 2, coresPerNode: 4 });
  expect(find(factsOf({ ...snc, system: calm }), "sub-NUMA")?.severity).toBe("note");
  const summary = { ...host.summary, threadsPerCore: [1, 2] };
  expect(find(factsOf({ summary }), "siblings of some")?.severity).toBe("warning");
});

test("a host that says nothing cannot be placed on, and nothing else is claimed of it", () => {
  const topology: Topology = {
    ...unknownTopology,
    summary: { ...unknownTopology.summary, cores: null, packages: null },
  };
  const facts = diagnose({ topology, load: null, programs: null }).map(({ fact }) => fact);
  expect(facts).toEqual([
    "cores and packages are unknown: the CPUs have no topology files",
    "turbo is unknown: there is neither intel_pstate/no_turbo nor a cpufreq boost switch",
  ]);
});

test("findings come worst first, and no line but a command is wider than the terminal", () => {
  const findings = diagnose(
    factsOf({
      warnings: ["sys/devices/system/node/node1/distance: has 2 entries".repeat(3)],
      system: { scalingGovernor: { powersave: "0-15" }, thpEnabled: "[always] madvise never" },
    }),
  );
  expect(findings.map(({ severity }) => severity)).toEqual(["serious", "warning", "warning"]);
  const lines = renderFindings(findings, { width: 60, colour: false }).split("\n");
  expect(lines.filter((line) => line.length > 60 && !line.includes("$ "))).toEqual([]);
});
