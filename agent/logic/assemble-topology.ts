import { type CpuSet, formatCpuList, intersectCpuSets } from "../../shared/domain/cpuset.ts";
import type {
  Core,
  NumaNode,
  NumaNodeKind,
  Package,
  Topology,
  TopologySummary,
} from "../../shared/domain/topology.ts";
import { localCpusOf, type NodeFacts } from "./numa-locality.ts";

/** A set of PUs and the kernel's label of it. */
interface Labelled {
  readonly id: number | null;
  readonly cpus: CpuSet;
}

/** The id that stands where the kernel gave none: the kernel itself writes -1 there. */
const noId = -1;

export type NodeExtras = Pick<NumaNode, "accessLocal" | "memorySideCaches" | "hugepages">;

export function toNumaNodes<N extends NodeFacts & NodeExtras>(
  nodes: readonly N[],
  packages: readonly Labelled[],
): NumaNode[] {
  return nodes.map((node) => {
    const local = localCpusOf(node, nodes);
    return {
      id: node.id,
      kind: nodeKind(node),
      cpus: formatCpuList(node.cpus),
      localCpus: formatCpuList(local),
      memoryBytes: node.memoryBytes,
      packageIds: idsOf(packages, local),
      distances: node.distances,
      initiatorNodes: node.initiatorNodes,
      accessLocal: node.accessLocal,
      memorySideCaches: node.memorySideCaches,
      hugepages: node.hugepages,
    };
  });
}

function nodeKind({ cpus, memoryBytes }: NodeFacts): NumaNodeKind {
  if (cpus.length === 0) {
    if (memoryBytes === null) return "no CPUs, memory unknown";
    return memoryBytes === 0 ? "empty" : "memory-only";
  }
  if (memoryBytes === null) return "cpu, memory unknown";
  return memoryBytes === 0 ? "cpu-only" : "cpu+memory";
}

function idsOf(sets: readonly Labelled[], cpus: CpuSet): number[] {
  const members = new Set(cpus);
  const ids = sets.filter((set) => set.cpus.some((pu) => members.has(pu)));
  return [...new Set(ids.map(({ id }) => id ?? noId))].sort((a, b) => a - b);
}

export function toPackages(
  packages: readonly Labelled[],
  cores: readonly { readonly cpus: CpuSet }[],
  nodes: readonly NodeFacts[],
): Package[] {
  const locals = nodes.map((node) => ({ id: node.id, cpus: localCpusOf(node, nodes) }));
  return packages.map(({ id, cpus }) => {
    const members = new Set(cpus);
    return {
      id: id ?? noId,
      cpus: formatCpuList(cpus),
      cores: cores.filter((core) => core.cpus.some((pu) => members.has(pu))).length,
      threads: cpus.length,
      numaNodes: idsOf(locals, cpus),
    };
  });
}

export interface CoreParts {
  readonly packages: readonly Labelled[];
  readonly dies: readonly Labelled[] | null;
  readonly numaNodes: readonly NodeFacts[];
}

/** `numaNodes` is null where nodes overlap: which node such a core belongs to cannot be told. */
export function toCores(
  groups: readonly { readonly coreId: number | null; readonly cpus: CpuSet }[],
  parts: CoreParts,
): Core[] {
  const packageOf = labelByPu(parts.packages);
  const dieOf = labelByPu(parts.dies ?? []);
  const nodeOf = labelByPu(parts.numaNodes);
  const isNodeKnown = parts.numaNodes.length > 0 && overlappingNodes(parts.numaNodes).length === 0;
  return groups.map(({ coreId, cpus }) => ({
    package: packageOf.get(cpus[0] ?? -1) ?? null,
    die: dieOf.get(cpus[0] ?? -1) ?? null,
    core: coreId,
    cpus: formatCpuList(cpus),
    numaNodes: isNodeKnown ? labelsOf(nodeOf, cpus) : null,
  }));
}

function labelByPu(sets: readonly Labelled[]): Map<number, number> {
  const byPu = new Map<number, number>();
  for (const { id, cpus } of sets) {
    for (const pu of cpus) if (id !== null) byPu.set(pu, id);
  }
  return byPu;
}

function labelsOf(labels: ReadonlyMap<number, number>, cpus: CpuSet): number[] {
  return [...new Set(cpus.flatMap((pu) => labels.get(pu) ?? []))].sort((a, b) => a - b);
}

/** NUMA nodes that share PUs with an earlier one. */
export function overlappingNodes(nodes: readonly NodeFacts[]): number[] {
  const seen = new Set<number>();
  const overlapping: number[] = [];
  for (const { id, cpus } of nodes) {
    if (cpus.some((pu) => seen.has(pu))) overlapping.push(id);
    for (const pu of cpus) seen.add(pu);
  }
  return overlapping;
}

/** A die of one PU inside a larger package is what kernels write that know no dies. */
export function keepRealDies(
  dies: readonly Labelled[] | null,
  packages: readonly Labelled[],
): readonly Labelled[] | null {
  const real = (dies ?? []).filter(({ cpus }) => {
    if (cpus.length > 1) return true;
    const home = packages.find((set) => intersectCpuSets(set.cpus, cpus).length > 0);
    return home?.cpus.length === 1;
  });
  return real.length === 0 ? null : real;
}

type Counted = Pick<Topology, "packages" | "dies" | "numaNodes" | "cores" | "caches">;

/** Counts what the lists hold; null where packages or cores are unknown. */
export function summarise(lists: Counted, online: CpuSet): TopologySummary {
  const { packages, dies, numaNodes, cores, caches } = lists;
  const memory = numaNodes.flatMap(({ memoryBytes }) => memoryBytes ?? []);
  const countCaches = (level: number, type: string): number =>
    caches.filter((cache) => cache.level === level && cache.type === type).length;
  const threads = cores.map(({ cpus }) => countListed(cpus));
  return {
    packages: packages.length === 0 ? null : packages.length,
    dies: dies?.length ?? null,
    numaNodes: numaNodes.length,
    memoryOnlyNodes: numaNodes.filter(({ kind }) => kind === "memory-only").length,
    cpuOnlyNodes: numaNodes.filter(({ kind }) => kind === "cpu-only").length,
    cores: cores.length === 0 ? null : cores.length,
    threads: online.length,
    threadsPerCore: [...new Set(threads)].sort((a, b) => a - b),
    coresPerPackage: packages.map((set) => set.cores),
    l1d: countCaches(1, "Data"),
    l1i: countCaches(1, "Instruction"),
    l2: countCaches(2, "Unified"),
    l3: countCaches(3, "Unified"),
    memoryBytes: memory.length === 0 ? null : memory.reduce((sum, bytes) => sum + bytes, 0),
  };
}

/** The number of PUs in a canonical list, without expanding it. */
function countListed(list: string): number {
  if (list === "") return 0;
  return list.split(",").reduce((sum, range) => {
    const [first, last] = range.split("-").map(Number);
    return sum + (last ?? first ?? 0) - (first ?? 0) + 1;
  }, 0);
}
