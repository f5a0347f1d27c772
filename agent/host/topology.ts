import { type CpuSet, formatCpuList } from "../../shared/domain/cpuset.ts";
import type { Cluster, Die, Topology } from "../../shared/domain/topology.ts";
import {
  keepRealDies,
  overlappingNodes,
  summarise,
  toCores,
  toNumaNodes,
  toPackages,
} from "../logic/assemble-topology.ts";
import { type CpuInfo, parseCpuInfo } from "../logic/cpuinfo.ts";
import { makeWarnings } from "../logic/warnings.ts";
import { readAllowed } from "./allowed.ts";
import { readCaches } from "./caches.ts";
import { readCores } from "./cores.ts";
import { type HostCpus, readHostCpus, readOnlineText } from "./cpu-sets.ts";
import { cpuDirectory, type HostFiles, nodeDirectory, readText } from "./host-files.ts";
import { toHybridKinds } from "./hybrid.ts";
import { type NodeReading, readNumaNodes } from "./numa-nodes.ts";
import { type LabelledSet, readInnerSets, readPackages } from "./packages.ts";
import type { SysfsReader } from "./sysfs-reader.ts";
import { readSystemState } from "./system-state.ts";

/**
 * Reads what a host is from its sysfs and procfs. It never throws for a damaged or partial tree:
 * what is not there is null, and what is damaged is left out with a warning. It starts no process.
 */
export async function readTopology(reader: SysfsReader): Promise<Topology> {
  const first = await readOnce(reader);
  if (!first.changed) return first.topology;
  // CPUs came or went during the reading, so its parts may not fit each other.
  const second = await readOnce(reader);
  if (!second.changed) return second.topology;
  const warning = `${cpuDirectory}/online: changed twice during the reading: parts may not fit each other`;
  return { ...second.topology, warnings: [...second.topology.warnings, warning] };
}

async function readOnce(
  reader: SysfsReader,
): Promise<{ readonly topology: Topology; readonly changed: boolean }> {
  const files: HostFiles = { reader, warnings: makeWarnings() };
  const before = await readOnlineText(files);
  const topology = await readParts(files);
  return { topology, changed: (await readOnlineText(files)) !== before };
}

async function readParts(files: HostFiles): Promise<Topology> {
  const cpus = await readHostCpus(files);
  const { online, described } = cpus;
  const info = await readCpuInfo(files, online);
  const system = await readSystemState(files, described, cpus.isolated);
  const nodes = await readNodes(files, online, system.kernelCmdline);
  const groups = await readCores(files, {
    online,
    described,
    splitByCoreId: hasComputeUnits(info),
  });
  const packageSets = await readPackages(files, described);
  const dieSets = keepRealDies(await readInnerSets(files, "die", packageSets, groups), packageSets);
  const coreOf = new Map(groups.flatMap((core) => core.cpus.map((pu) => [pu, core.cpus] as const)));
  const lists = {
    packages: toPackages(packageSets, groups, nodes),
    dies: dieSets === null ? null : toDies(dieSets, packageSets),
    numaNodes: toNumaNodes(nodes, packageSets),
    cores: toCores(groups, { packages: packageSets, dies: dieSets, numaNodes: nodes }),
    caches: await readCaches(files, described, coreOf),
  };
  return {
    schema: "topology-truth/1",
    summary: summarise(lists, online),
    cpus: await readCpuSets(files, cpus, nodes),
    ...lists,
    clusters: toClusters(await readInnerSets(files, "cluster", packageSets, groups)),
    cpu: info.cpu,
    flags: info.flags,
    armFeatures: info.armFeatures,
    hybridKinds: toHybridKinds(system),
    system,
    warnings: files.warnings.sentences(),
  };
}

async function readCpuInfo(files: HostFiles, online: CpuSet): Promise<CpuInfo> {
  const info = parseCpuInfo((await readText(files, "proc/cpuinfo")) ?? "", online);
  for (const problem of info.problems) files.warnings.add("proc/cpuinfo", problem);
  return info;
}

/** See {@link readCores}. */
function hasComputeUnits({ cpu }: CpuInfo): boolean {
  return cpu?.vendor === "AuthenticAMD" && (cpu.family === 21 || cpu.family === 22);
}

async function readNodes(
  files: HostFiles,
  online: CpuSet,
  cmdline: string | null,
): Promise<NodeReading[]> {
  const isFake = /(^|\s)numa=fake=/.test(cmdline ?? "");
  if (isFake) {
    files.warnings.add(
      "proc/cmdline",
      "numa=fake= makes the NUMA nodes and their memory artificial",
    );
  }
  const nodes = await readNumaNodes(files, online, !isFake);
  const overlapping = overlappingNodes(nodes);
  if (overlapping.length > 0) {
    files.warnings.add(
      nodeDirectory,
      `NUMA nodes ${formatCpuList(overlapping)} list CPUs of earlier nodes: which node a core belongs to cannot be told`,
    );
  }
  return nodes;
}

async function readCpuSets(
  files: HostFiles,
  cpus: HostCpus,
  nodes: readonly NodeReading[],
): Promise<Topology["cpus"]> {
  const allowed = await readAllowed(files, {
    online: cpus.online,
    isolated: cpus.isolated ?? [],
    numaNodes: nodes.map(({ id }) => id),
  });
  return {
    online: formatCpuList(cpus.online),
    present: listOrNull(cpus.present),
    possible: listOrNull(cpus.possible),
    offline: formatCpuList(cpus.offline),
    allowed: formatCpuList(allowed.cpus),
    allowedNodes: nodes.length === 0 ? null : formatCpuList(allowed.numaNodes),
    isolated: listOrNull(cpus.isolated),
    kernelMax: cpus.kernelMax,
  };
}

function listOrNull(cpus: CpuSet | null): string | null {
  return cpus === null ? null : formatCpuList(cpus);
}

function toDies(dies: readonly LabelledSet[], packages: readonly LabelledSet[]): Die[] {
  return dies.map(({ id, cpus }) => ({
    packageId: packages.find((set) => set.cpus.includes(cpus[0] ?? -1))?.id ?? -1,
    id: id ?? -1,
    cpus: formatCpuList(cpus),
  }));
}

function toClusters(clusters: readonly LabelledSet[] | null): Cluster[] | null {
  const shared = (clusters ?? []).filter(({ cpus }) => cpus.length > 1);
  if (shared.length === 0) return null;
  return shared.map(({ id, cpus }) => ({ id: id ?? -1, cpus: formatCpuList(cpus) }));
}
