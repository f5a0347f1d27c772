import {
  type CpuSet,
  intersectCpuSets,
  parseCpuList,
  toCpuSet,
} from "../../shared/domain/cpuset.ts";
import { cpusetPlaces } from "../logic/cgroup-paths.ts";
import { readCgroupTexts } from "./cgroup-limits.ts";
import { type HostFiles, readCpuList, readText } from "./host-files.ts";

/** What the cgroup and the process's own masks leave to it. */
export interface AllowedSets {
  readonly cpus: CpuSet;
  readonly numaNodes: CpuSet;
}

export interface HostSets {
  readonly online: CpuSet;
  readonly isolated: CpuSet;
  readonly numaNodes: readonly number[];
}

/**
 * The online PUs and the NUMA nodes that this process may use: what its cpuset leaves, narrowed by
 * its affinity mask. Isolated PUs stay allowed where the cpuset has them: they are out of the mask
 * that processes start with, but a process may set its affinity to them.
 */
export async function readAllowed(files: HostFiles, host: HostSets): Promise<AllowedSets> {
  const cgroup = await readCpuset(files);
  const status = await readStatusMasks(files);
  const cpus = intersectCpuSets(host.online, cgroup.cpus ?? host.online);
  const mask = status.cpus === null ? cpus : intersectCpuSets(cpus, status.cpus);
  const isolated = cgroup.cpus === null ? [] : intersectCpuSets(cpus, host.isolated);
  const numaNodes = intersectCpuSets(host.numaNodes, cgroup.numaNodes ?? host.numaNodes);
  return {
    cpus: mask.length === 0 ? cpus : toCpuSet([...mask, ...isolated]),
    numaNodes:
      status.numaNodes === null ? numaNodes : intersectCpuSets(numaNodes, status.numaNodes),
  };
}

interface OptionalSets {
  readonly cpus: CpuSet | null;
  readonly numaNodes: CpuSet | null;
}

async function readCpuset(files: HostFiles): Promise<OptionalSets> {
  const places = cpusetPlaces(await readCgroupTexts(files));
  for (const place of places) {
    const cpus = await readNearest(files, place.directories, place.cpuFiles);
    if (cpus === null) continue;
    return { cpus, numaNodes: await readNearest(files, place.directories, place.nodeFiles) };
  }
  return { cpus: null, numaNodes: null };
}

/** An empty file limits nothing: a cgroup without a cpuset of its own has its parent's. */
async function readNearest(
  files: HostFiles,
  directories: readonly string[],
  names: readonly string[],
): Promise<CpuSet | null> {
  for (const directory of directories) {
    for (const name of names) {
      const set = await readCpuList(files, `${directory}/${name}`);
      if (set !== null && set.length > 0) return set;
    }
  }
  return null;
}

async function readStatusMasks(files: HostFiles): Promise<OptionalSets> {
  const text = await readText(files, "proc/self/status");
  return {
    cpus: parseStatusList(text, "Cpus_allowed_list"),
    numaNodes: parseStatusList(text, "Mems_allowed_list"),
  };
}

function parseStatusList(text: string | null, field: string): CpuSet | null {
  const list = new RegExp(`^${field}:\\s*(\\S+)\\s*$`, "m").exec(text ?? "")?.[1];
  if (list === undefined) return null;
  const { cpus, problems } = parseCpuList(list);
  return problems.length > 0 ? null : cpus;
}
