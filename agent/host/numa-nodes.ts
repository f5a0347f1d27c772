import { type CpuSet, formatCpuList, intersectCpuSets } from "../../shared/domain/cpuset.ts";
import type { HugepageCount, MemorySideCache } from "../../shared/domain/topology.ts";
import type { NodeFacts } from "../logic/numa-locality.ts";
import {
  type HostFiles,
  listNumbered,
  nodeDirectory,
  readCpuList,
  readInteger,
  readText,
  readWord,
} from "./host-files.ts";
import { readHugepageCounts } from "./hugepages.ts";
import { parseMemTotal } from "./meminfo.ts";
import { readVerifiedSet } from "./sharing-sets.ts";

/** A NUMA node as its directory describes it. */
export interface NodeReading extends NodeFacts {
  readonly accessLocal: Readonly<Record<string, number>> | null;
  readonly memorySideCaches: readonly MemorySideCache[] | null;
  readonly hugepages: Readonly<Record<string, HugepageCount>> | null;
}

/**
 * Every NUMA node that has a directory; a node without PUs is kept. `trustHmat` is false under
 * `numa=fake=`, where the HMAT speaks of other nodes than the kernel does.
 */
export async function readNumaNodes(
  files: HostFiles,
  online: CpuSet,
  trustHmat: boolean,
): Promise<NodeReading[]> {
  const ids = await readNodeIds(files);
  const onlineNodes = await readOnlineNodes(files, ids);
  const nodes: NodeReading[] = [];
  for (const id of ids) {
    const directory = `${nodeDirectory}/node${id}`;
    const hmat = trustHmat ? await readHmat(files, directory) : noHmat;
    nodes.push({
      id,
      cpus: await readNodeCpus(files, directory, online),
      memoryBytes: await readNodeMemory(files, directory),
      distances: await readDistances(files, directory, onlineNodes),
      hugepages: await readHugepageCounts(files, `${directory}/hugepages`),
      ...hmat,
    });
  }
  return nodes;
}

async function readNodeIds(files: HostFiles): Promise<readonly number[]> {
  const listed = await listNumbered(files, nodeDirectory, "node");
  return listed ?? (await readCpuList(files, `${nodeDirectory}/online`)) ?? [];
}

/** Distances have one number per online node; without that list, per node directory. */
async function readOnlineNodes(
  files: HostFiles,
  ids: readonly number[],
): Promise<readonly number[]> {
  const online = await readCpuList(files, `${nodeDirectory}/online`);
  if (online === null || online.length === 0) return ids;
  const missing = online.filter((id) => !ids.includes(id));
  if (missing.length > 0) {
    files.warnings.add(
      `${nodeDirectory}/online`,
      `lists NUMA nodes ${formatCpuList(missing)}, which have no directory`,
    );
  }
  return online;
}

async function readNodeCpus(files: HostFiles, directory: string, online: CpuSet): Promise<CpuSet> {
  const cpus = await readVerifiedSet(
    files,
    { directory, lists: ["cpulist"], masks: ["cpumap"] },
    online,
  );
  return intersectCpuSets(online, cpus ?? []);
}

async function readNodeMemory(files: HostFiles, directory: string): Promise<number | null> {
  const path = `${directory}/meminfo`;
  const text = await readText(files, path);
  return text === null ? null : parseMemTotal(text);
}

async function readDistances(
  files: HostFiles,
  directory: string,
  onlineNodes: readonly number[],
): Promise<Readonly<Record<string, number>> | null> {
  const path = `${directory}/distance`;
  const words = (await readWord(files, path))?.split(/\s+/);
  if (words === undefined) return null;
  const row = words.map(Number);
  if (row.length !== onlineNodes.length || !row.every(isDistance)) {
    files.warnings.add(
      path,
      `has ${row.length} entries for ${onlineNodes.length} online nodes, or one that is no distance: left out`,
    );
    return null;
  }
  return Object.fromEntries(onlineNodes.map((id, index) => [String(id), row[index] ?? 0]));
}

function isDistance(value: number): boolean {
  return Number.isInteger(value) && value >= 0;
}

type Hmat = Pick<NodeReading, "initiatorNodes" | "accessLocal" | "memorySideCaches">;

const noHmat: Hmat = { initiatorNodes: null, accessLocal: null, memorySideCaches: null };

const accessAttributes = ["read_bandwidth", "write_bandwidth", "read_latency", "write_latency"];

/** access1 names the CPUs' nodes only; access0 may name a device that initiates transfers. */
async function readHmat(files: HostFiles, directory: string): Promise<Hmat> {
  const memorySideCaches = await readMemorySideCaches(files, `${directory}/memory_side_cache`);
  let sawAccess = false;
  for (const access of ["access1", "access0"]) {
    const initiators = `${directory}/${access}/initiators`;
    const ids = await listNumbered(files, initiators, "node");
    if (ids === null) continue;
    sawAccess = true;
    if (ids.length === 0) continue;
    const accessLocal: Record<string, number> = {};
    for (const name of accessAttributes) {
      const value = await readInteger(files, `${initiators}/${name}`);
      if (value !== null) accessLocal[name] = value;
    }
    return {
      initiatorNodes: ids,
      accessLocal: Object.keys(accessLocal).length === 0 ? null : accessLocal,
      memorySideCaches,
    };
  }
  return { initiatorNodes: sawAccess ? [] : null, accessLocal: null, memorySideCaches };
}

async function readMemorySideCaches(
  files: HostFiles,
  directory: string,
): Promise<readonly MemorySideCache[] | null> {
  const indexes = await listNumbered(files, directory, "index");
  if (indexes === null || indexes.length === 0) return null;
  const caches: MemorySideCache[] = [];
  for (const index of indexes) {
    caches.push({
      index,
      sizeBytes: await readInteger(files, `${directory}/index${index}/size`),
      lineBytes: await readInteger(files, `${directory}/index${index}/line_size`),
    });
  }
  return caches;
}
