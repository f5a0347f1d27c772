import { foldStrides } from "../../../shared/domain/cpu-strides.ts";
import { formatCpuList, intersectCpuSets, parseCpuList } from "../../../shared/domain/cpuset.ts";
import { countOf, formatBytes } from "../../../shared/domain/text-layout.ts";
import { formatMap } from "../../../shared/domain/topology-picture-state.ts";
import type { DoctorRule, Finding } from "./finding.ts";

export const checkTopologyKnown: DoctorRule = ({ topology: { summary } }) => {
  if (summary.cores !== null && summary.packages !== null) return [];
  return [
    {
      severity: "serious",
      fact: "cores and packages are unknown: the CPUs have no topology files",
      why: "no placement can be planned where nobody knows which CPUs share a core",
      command: null,
    },
  ];
};

export const checkAllowed: DoctorRule = ({ topology: { cpus } }) => {
  if (cpus.allowed === cpus.online) return [];
  const allowed = parseCpuList(cpus.allowed).cpus.length;
  const online = parseCpuList(cpus.online).cpus.length;
  return [
    {
      severity: "serious",
      fact: `this process may use ${allowed} of ${countOf(online, "CPU")}: ${foldStrides(cpus.allowed)}`,
      why: "results would say what a part of the host can do, and the rest may be busy with others",
      command: "cat /proc/self/cgroup; taskset -cp $$",
    },
  ];
};

export const checkCgroupLimits: DoctorRule = ({ topology: { cpus, system, summary } }) => {
  const findings: Finding[] = [];
  const { cgroupCpuQuota: quota, cgroupMemoryBytes: memory, memTotalBytes } = system;
  const online = parseCpuList(cpus.online).cpus.length;
  if (quota !== null && quota < online) {
    findings.push({
      severity: "serious",
      fact: `the cgroup leaves ${Number(quota.toFixed(2))} of ${countOf(online, "CPU")}' time to this process`,
      why: "the kernel stops all threads of a launch for the rest of every period once it is used up",
      command: "cat /proc/self/cgroup; systemctl set-property --runtime UNIT CPUQuota=",
    });
  }
  const total = memTotalBytes ?? summary.memoryBytes;
  if (memory !== null && (total === null || memory < total)) {
    findings.push({
      severity: "warning",
      fact: `the cgroup leaves ${formatBytes(memory)} of memory to this process`,
      why: "a launch near the limit reclaims pages while it is measured, and is killed beyond it",
      command: "cat /proc/self/cgroup; systemctl set-property --runtime UNIT MemoryMax=infinity",
    });
  }
  return findings;
};

export const checkMicrocode: DoctorRule = ({ topology: { system, cpu } }) => {
  const isMixed = Object.keys(system.microcodeSysfs ?? {}).length > 1;
  const versions = isMixed ? system.microcodeSysfs : (cpu?.microcodes ?? null);
  if (versions === null) return [];
  return [
    {
      severity: "serious",
      fact: `microcode differs between CPUs: ${formatMap(versions)}`,
      why: "the same instruction may take another time on another core of this host",
      command: "echo 1 | sudo tee /sys/devices/system/cpu/microcode/reload",
    },
  ];
};

export const checkSmt: DoctorRule = ({ topology: { summary, system, hybridKinds } }) => {
  const perCore = summary.threadsPerCore;
  if (perCore.length > 1 && hybridKinds === null) {
    return [
      {
        severity: "warning",
        fact: `cores have ${perCore.join(" or ")} threads: siblings of some are offline`,
        why: "two cores of one host are then not alike",
        command: "echo on | sudo tee /sys/devices/system/cpu/smt/control",
      },
    ];
  }
  if (!perCore.some((threads) => threads > 1)) return [];
  return [
    {
      severity: "note",
      fact: `SMT is on, ${perCore.join(" or ")} threads a core`,
      why: "work of others on a sibling thread takes half a core from an instance and shows nowhere",
      command:
        system.smtControl === null
          ? null
          : "echo off | sudo tee /sys/devices/system/cpu/smt/control",
    },
  ];
};

export const checkHybrid: DoctorRule = ({ topology: { hybridKinds } }) => {
  if (hybridKinds === null) return [];
  return [
    {
      severity: "warning",
      fact: `the CPU has ${hybridKinds.length} kinds of cores: ${hybridKinds.map(({ cpus }) => foldStrides(cpus)).join(" and ")}`,
      why: "speed-up over cores mixes two slopes; place cells on one kind with explicit CPUs",
      command: null,
    },
  ];
};

export const checkSubNuma: DoctorRule = ({ topology: { packages, numaNodes } }) => {
  const split = packages.filter(
    ({ cpus }) => numaNodes.filter((node) => isInside(node.cpus, cpus)).length > 1,
  );
  if (split.length === 0) return [];
  const nodes = numaNodes.filter(({ cpus }) => cpus !== "").length;
  return [
    {
      severity: "note",
      fact: `${countOf(packages.length, "package")} have ${nodes} NUMA nodes with CPUs (sub-NUMA clustering)`,
      why: "one instance a package is not one instance a NUMA node; firmware decides, and hosts differ by it",
      command: null,
    },
  ];
};

function isInside(list: string, of: string): boolean {
  if (list === "" || list === of) return false;
  const { cpus } = parseCpuList(list);
  return intersectCpuSets(cpus, parseCpuList(of).cpus).length === cpus.length;
}

export const checkOfflineAndIsolated: DoctorRule = ({ topology: { cpus, system } }) => {
  const findings: Finding[] = [];
  const isSmtOff = system.smtControl === "off" || system.smtControl === "forceoff";
  if (cpus.offline !== "" && isSmtOff) {
    // With SMT off the kernel takes every second thread offline, and that is as it should be.
    findings.push({
      severity: "note",
      fact: `CPUs ${foldStrides(cpus.offline)} are offline, and SMT is ${system.smtControl}`,
      why: "siblings of other CPUs are meant to be; what else is offline is missing from its package",
      command: "lscpu --all --extended",
    });
  } else if (cpus.offline !== "") {
    findings.push({
      severity: "warning",
      fact: `CPUs ${foldStrides(cpus.offline)} are offline`,
      why: "all cores of a package are then not all that it has",
      command: `sudo chcpu -e ${cpus.offline}`,
    });
  }
  const isolated = parseCpuList(cpus.isolated ?? "").cpus;
  const usable = intersectCpuSets(isolated, parseCpuList(cpus.allowed).cpus);
  if (usable.length > 0) {
    findings.push({
      severity: "note",
      fact: `CPUs ${foldStrides(formatCpuList(usable))} are isolated from the scheduler`,
      why: "threads placed there are not balanced, and cores with and without isolation are not alike",
      command: null,
    });
  }
  return findings;
};

export const checkVirtual: DoctorRule = ({ topology: { flags } }) => {
  if (flags?.["hypervisor"] !== true) return [];
  return [
    {
      severity: "warning",
      fact: "this is a virtual machine",
      why: "its cores and NUMA nodes are what the hypervisor says, and others may run on the same ones",
      command: null,
    },
  ];
};
