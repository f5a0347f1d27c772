import { type CpuSet, parseCpuList, toCpuSet } from "./cpuset.ts";
import type { PlacementRefusal } from "./placement.ts";
import type { HybridKind, Topology } from "./topology.ts";

/** A physical core as placements see it: only what this process may use of it. */
export interface UsableCore {
  /** Position in {@link HostCores.packages}; ids of packages repeat and may be -1. */
  readonly packageIndex: number;
  /** NUMA nodes that hold the core's PUs; empty where the host does not say. */
  readonly numaNodes: readonly number[];
  /** Which L3 cache the core shares (its position among them); null where the host does not say. */
  readonly l3: number | null;
  /** Usable PUs, ascending, at least one. */
  readonly pus: CpuSet;
}

/** The usable cores of one package in the order in which they are filled. */
export interface PackageCores {
  readonly id: number;
  readonly cores: readonly UsableCore[];
}

/** A NUMA node that may be bound to. */
interface MemoryNode {
  readonly id: number;
  readonly hasMemory: boolean;
  readonly allowed: boolean;
  readonly packageIds: readonly number[];
  readonly memoryOnly: boolean;
}

/** What placements need of a topology, worked out once for all placements of a host. */
export interface HostCores {
  /** Packages with at least one usable core, in the order of the topology. */
  readonly packages: readonly PackageCores[];
  readonly memoryNodes: readonly MemoryNode[];
}

/**
 * The cores that may be measured: online, left by cgroup and affinity mask, not isolated (the kernel
 * does not balance threads over isolated CPUs, so a CPU set of them would run on its first one), and
 * on a hybrid host those of the fast kind. Refuses hosts that do not say what shares a core.
 */
export function usableCores(topology: Topology): HostCores | PlacementRefusal {
  const usable = usablePus(topology);
  if ("refused" in usable) return usable;
  if (topology.cores.length === 0) {
    return { refused: "the host does not say which CPUs share a core" };
  }
  const cores = readCores(topology, usable.pus);
  if ("refused" in cores) return cores;
  const packages = topology.packages
    .map((entry, index) => ({
      id: entry.id,
      cores: cores.cores.filter((core) => core.packageIndex === index).sort(inFillingOrder),
    }))
    .filter((entry) => entry.cores.length > 0);
  const renumbered = packages.map((entry, packageIndex) => ({
    id: entry.id,
    cores: entry.cores.map((core) => ({ ...core, packageIndex })),
  }));
  return { packages: renumbered, memoryNodes: readMemoryNodes(topology) };
}

function usablePus(topology: Topology): { pus: ReadonlySet<number> } | PlacementRefusal {
  const isolated = new Set(parseCpuList(topology.cpus.isolated ?? "").cpus);
  const online = new Set(parseCpuList(topology.cpus.online).cpus);
  const allowed = parseCpuList(topology.cpus.allowed).cpus.filter((pu) => online.has(pu));
  const slow = slowPus(topology.hybridKinds ?? []);
  const pus = allowed.filter((pu) => !isolated.has(pu) && !slow.has(pu));
  if (pus.length === 0) {
    return { refused: `no usable CPU: all of ${topology.cpus.allowed || "none"} are isolated` };
  }
  return { pus: new Set(pus) };
}

/**
 * Kinds that reach less than this share of the fastest kind's clock are another kind of core, the
 * rest are favoured cores of one kind: turbo bins differ by a few percent, P and E cores by 20 %.
 */
const sameKindShare = 0.85;

/** The PUs of the slower kinds of cores; empty where all cores count as alike. */
function slowPus(kinds: readonly HybridKind[]): ReadonlySet<number> {
  const clocks = kinds.map((kind) =>
    Number(kind.infos["FrequencyMaxMHz"] ?? kind.infos["LinuxCapacity"]),
  );
  const fastest = Math.max(0, ...clocks.filter((clock) => Number.isFinite(clock)));
  const isSlow = (kind: HybridKind, clock: number | undefined): boolean => {
    if (kind.infos["CoreType"] !== undefined) return kind.infos["CoreType"] !== "IntelCore";
    return clock !== undefined && clock < fastest * sameKindShare;
  };
  const slow = kinds.filter((kind, index) => isSlow(kind, clocks[index]));
  return new Set(slow.flatMap((kind) => parseCpuList(kind.cpus).cpus));
}

function readCores(
  topology: Topology,
  usable: ReadonlySet<number>,
): { cores: readonly UsableCore[] } | PlacementRefusal {
  const packageOf = ownerByPu(topology.packages.map((entry) => entry.cpus));
  const l3Of = ownerByPu(
    topology.caches.filter((cache) => cache.level === 3).map((cache) => cache.cpus),
  );
  const nodesOf = numaNodesByPu(topology);
  const cores: UsableCore[] = [];
  for (const core of topology.cores) {
    const pus = parseCpuList(core.cpus).cpus.filter((pu) => usable.has(pu));
    const first = pus[0];
    if (first === undefined) continue;
    const packageIndex = packageOf.get(first);
    if (packageIndex === undefined) {
      return { refused: `the host does not say which socket holds CPU ${first}` };
    }
    const numaNodes = toCpuSet(pus.flatMap((pu) => nodesOf.get(pu) ?? []));
    cores.push({ packageIndex, numaNodes, l3: l3Of.get(first) ?? null, pus });
  }
  return { cores };
}

/** PU → position of the first set that holds it. */
function ownerByPu(sets: readonly string[]): ReadonlyMap<number, number> {
  const owner = new Map<number, number>();
  sets.forEach((cpus, index) => {
    for (const pu of parseCpuList(cpus).cpus) if (!owner.has(pu)) owner.set(pu, index);
  });
  return owner;
}

function numaNodesByPu(topology: Topology): ReadonlyMap<number, number[]> {
  const nodes = new Map<number, number[]>();
  for (const node of topology.numaNodes) {
    for (const pu of parseCpuList(node.cpus).cpus) {
      nodes.set(pu, [...(nodes.get(pu) ?? []), node.id]);
    }
  }
  return nodes;
}

/** NUMA node by NUMA node, L3 by L3, then by PU number: neighbours share most. */
function inFillingOrder(a: UsableCore, b: UsableCore): number {
  const byNode = (a.numaNodes[0] ?? -1) - (b.numaNodes[0] ?? -1);
  if (byNode !== 0) return byNode;
  const byL3 = (a.l3 ?? -1) - (b.l3 ?? -1);
  if (byL3 !== 0) return byL3;
  return (a.pus[0] ?? 0) - (b.pus[0] ?? 0);
}

function readMemoryNodes(topology: Topology): readonly MemoryNode[] {
  const { allowedNodes } = topology.cpus;
  const allowed = allowedNodes === null ? null : new Set(parseCpuList(allowedNodes).cpus);
  return topology.numaNodes.map((node) => ({
    id: node.id,
    hasMemory: node.kind !== "cpu-only" && node.kind !== "empty" && node.memoryBytes !== 0,
    allowed: allowed === null || allowed.has(node.id),
    packageIds: node.packageIds,
    memoryOnly: node.kind === "memory-only",
  }));
}

/** The NUMA nodes that hold any of these cores, ascending. */
export function numaNodesOf(cores: readonly UsableCore[]): readonly number[] {
  return toCpuSet(cores.flatMap((core) => core.numaNodes));
}
