import { parseCpuList } from "../../../shared/domain/cpuset.ts";
import { formatBytes } from "../../../shared/domain/text-layout.ts";
import type { DoctorRule, Finding } from "./finding.ts";

/**
 * Firmware and kernel keep some memory of one node back, of small nodes a larger share: what is within
 * either counts as equal. One of sixteen DIMMs that is missing makes a ratio of 1.067.
 */
const equalRatio = 1.05;
const equalBytes = 2.5 * 2 ** 30;

export const checkPackagesWithoutNode: DoctorRule = ({ topology: { packages, numaNodes } }) => {
  if (numaNodes.length === 0) return [];
  const local = new Set(numaNodes.flatMap(({ cpus }) => parseCpuList(cpus).cpus));
  const bare = packages.filter(({ cpus }) => parseCpuList(cpus).cpus.every((pu) => !local.has(pu)));
  if (bare.length === 0) return [];
  return [
    {
      severity: "serious",
      fact: `packages ${bare.map(({ id }) => id).join(", ")} have no NUMA node`,
      why: "every access of their cores is remote, so no placement on them is local",
      command: null,
    },
  ];
};

export const checkNodeMemory: DoctorRule = ({ topology: { numaNodes } }) => {
  const withCpus = numaNodes.filter(({ cpus }) => cpus !== "");
  if (withCpus.length < 2) return [];
  const bare = withCpus.filter(({ memoryBytes }) => memoryBytes === 0);
  const sized = withCpus.flatMap(({ id, memoryBytes }) =>
    memoryBytes === null || memoryBytes === 0 ? [] : [{ id, memoryBytes }],
  );
  const findings: Finding[] = [];
  if (bare.length > 0) {
    findings.push({
      severity: "serious",
      fact: `NUMA nodes ${bare.map(({ id }) => id).join(", ")} have CPUs and no memory`,
      why: "every access of their cores is remote, so no placement on them is local",
      command: null,
    });
  }
  const sorted = sized.sort((a, b) => a.memoryBytes - b.memoryBytes);
  const [least, most] = [sorted.at(0), sorted.at(-1)];
  if (least !== undefined && most !== undefined) {
    const isUnequal =
      most.memoryBytes / least.memoryBytes > equalRatio &&
      most.memoryBytes - least.memoryBytes > equalBytes;
    if (isUnequal) {
      findings.push({
        severity: "serious",
        fact: `memory is unequal: node ${least.id} has ${formatBytes(least.memoryBytes)}, node ${most.id} ${formatBytes(most.memoryBytes)}`,
        why: "a node with fewer DIMMs has fewer channels, and its instances less bandwidth",
        command: null,
      });
    }
  }
  return findings;
};

export const checkMemoryOnlyNodes: DoctorRule = ({ topology: { numaNodes } }) => {
  const ids = numaNodes.filter(({ kind }) => kind === "memory-only").map(({ id }) => id);
  if (ids.length === 0) return [];
  return [
    {
      severity: "note",
      fact: `NUMA nodes ${ids.join(", ")} are memory without CPUs`,
      why: "HBM, persistent or CXL memory has other bandwidth and latency: bind memory in every cell",
      command: null,
    },
  ];
};

export const checkNumaBalancing: DoctorRule = ({ topology: { system, numaNodes } }) => {
  if (system.numaBalancing === null || system.numaBalancing === 0) return [];
  if (numaNodes.length < 2) return [];
  return [
    {
      severity: "warning",
      fact: "automatic NUMA balancing is on",
      why: "the kernel unmaps and moves pages while they are measured, also those bound on purpose",
      command: "echo 0 | sudo tee /proc/sys/kernel/numa_balancing",
    },
  ];
};

export const checkTransparentHugePages: DoctorRule = ({ topology: { system } }) => {
  const mode = /\[(\w+)\]/.exec(system.thpEnabled ?? "")?.[1];
  if (mode !== "always") return [];
  return [
    {
      severity: "warning",
      fact: "transparent huge pages are always on",
      why: "khugepaged joins pages in the background of a measurement, and allocators differ by it",
      command: "echo madvise | sudo tee /sys/kernel/mm/transparent_hugepage/enabled",
    },
  ];
};

/** Swap in use beyond this share of memory is pressure, less may be a page from long ago. */
const pressingSwapShare = 0.01;

export const checkSwap: DoctorRule = ({ topology: { system } }) => {
  const { swapTotalBytes: total, swapFreeBytes: free } = system;
  if (total === null || total === 0) return [];
  const used = free === null ? 0 : total - free;
  const isUsed = used > 0;
  const isPressing = used > pressingSwapShare * (system.memTotalBytes ?? 0);
  return [
    {
      severity: isPressing ? "serious" : isUsed ? "warning" : "note",
      fact: isUsed
        ? `${formatBytes(used)} of ${formatBytes(total)} swap are in use`
        : `${formatBytes(total)} swap are configured, none in use`,
      why: "a page that comes back from disk during a call makes it thousands of times slower",
      command: "sudo swapoff -a",
    },
  ];
};

export const checkDimms: DoctorRule = ({ topology: { system } }) => {
  const populated = (system.dimms ?? []).filter(({ sizeMiB }) => sizeMiB !== null && sizeMiB > 0);
  const slow = populated.filter(
    ({ speedMTs, configuredMTs }) =>
      speedMTs !== null && configuredMTs !== null && configuredMTs < speedMTs,
  );
  const sizes = new Set(populated.map(({ sizeMiB }) => sizeMiB));
  const findings: Finding[] = [];
  const [first] = slow;
  if (first !== undefined) {
    findings.push({
      severity: "warning",
      fact: `${slow.length} of ${populated.length} DIMMs run below their speed (${first.locator ?? "one"}: ${first.configuredMTs} of ${first.speedMTs} MT/s)`,
      why: "bandwidth-bound cells are slower than on a host whose DIMMs run at their speed",
      command: null,
    });
  }
  if (sizes.size > 1) {
    const list = [...sizes].map((mib) => formatBytes((mib ?? 0) * 2 ** 20)).join(", ");
    findings.push({
      severity: "warning",
      fact: `DIMMs differ in size: ${list}`,
      why: "unequal channels interleave only in part, so bandwidth depends on the address",
      command: null,
    });
  }
  return findings;
};
