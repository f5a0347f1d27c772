import { formatCpuList } from "../domain/cpuset.ts";
import type { Topology } from "../domain/topology.ts";
import { unknownTopology } from "../domain/unknown-topology.ts";

/** Shape of a made-up host; every package alike unless `coresPerPackage` says otherwise. */
export interface HostShape {
  readonly packages: number;
  /** NUMA nodes of each package; 0 for a host without any. */
  readonly nodesPerPackage: number;
  readonly coresPerNode: number;
  readonly threadsPerCore?: number;
  /** Usable by this process; all by default. */
  readonly allowed?: string;
  readonly isolated?: string;
}

/** A topology of that shape, numbered as Linux does it: first threads of all cores, then the second ones. */
export function makeTopology(shape: HostShape): Topology {
  const { packages, coresPerNode, threadsPerCore = 1 } = shape;
  const nodesPerPackage = Math.max(1, shape.nodesPerPackage);
  const perPackage = nodesPerPackage * coresPerNode;
  const total = packages * perPackage;
  const pusOf = (from: number, count: number): string => {
    const pus: number[] = [];
    for (let thread = 0; thread < threadsPerCore; thread += 1) {
      for (let core = from; core < from + count; core += 1) pus.push(thread * total + core);
    }
    return formatCpuList(pus.sort((a, b) => a - b));
  };
  const all = pusOf(0, total);
  const nodes = shape.nodesPerPackage === 0 ? 0 : packages * nodesPerPackage;
  return {
    ...unknownTopology,
    summary: {
      ...unknownTopology.summary,
      packages,
      cores: total,
      threads: total * threadsPerCore,
      numaNodes: nodes,
      threadsPerCore: [threadsPerCore],
      coresPerPackage: Array.from({ length: packages }, () => perPackage),
      l3: packages,
    },
    cpus: {
      ...unknownTopology.cpus,
      online: all,
      allowed: shape.allowed ?? all,
      isolated: shape.isolated ?? "",
    },
    packages: Array.from({ length: packages }, (_, id) => ({
      id,
      cpus: pusOf(id * perPackage, perPackage),
      cores: perPackage,
      threads: perPackage * threadsPerCore,
      numaNodes: [],
    })),
    numaNodes: Array.from({ length: nodes }, (_, id) => ({
      ...emptyNode,
      id,
      cpus: pusOf(id * coresPerNode, coresPerNode),
      localCpus: pusOf(id * coresPerNode, coresPerNode),
      packageIds: [Math.floor(id / nodesPerPackage)],
    })),
    cores: Array.from({ length: total }, (_, core) => ({
      package: Math.floor(core / perPackage),
      die: null,
      core: core % perPackage,
      cpus: pusOf(core, 1),
      numaNodes: nodes === 0 ? null : [Math.floor(core / coresPerNode)],
    })),
    caches: Array.from({ length: packages }, (_, id) => ({
      level: 3,
      type: "Unified" as const,
      sizeBytes: 32 * 2 ** 20,
      lineBytes: 64,
      cpus: pusOf(id * perPackage, perPackage),
    })),
  };
}

const emptyNode: Topology["numaNodes"][number] = {
  id: 0,
  kind: "cpu+memory",
  cpus: "",
  localCpus: "",
  memoryBytes: 64 * 2 ** 30,
  packageIds: [],
  distances: null,
  initiatorNodes: null,
  accessLocal: null,
  memorySideCaches: null,
  hugepages: null,
};
