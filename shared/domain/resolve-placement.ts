import type { Cell } from "./cell.ts";
import { type CpuSet, formatCpuList, toCpuSet } from "./cpuset.ts";
import { type HostCores, numaNodesOf, type UsableCore, usableCores } from "./host-cores.ts";
import type {
  InstancePlacement,
  MemoryPolicy,
  PlacementRefusal,
  ResolvedPlacement,
} from "./placement.ts";
import type { Layout } from "./placement-kind.ts";
import { findPlacementKind } from "./placement-kinds.ts";
import { type PlacementRequest, readPlacementRequest } from "./placement-request.ts";
import type { Topology } from "./topology.ts";

/**
 * The exact CPU sets, NUMA binding and thread counts of a cell's placement axes on this host, or why
 * the placement does not exist there. Total: damaged topologies and unknown values are refused.
 */
export function resolvePlacement(
  topology: Topology,
  cell: Cell,
): ResolvedPlacement | PlacementRefusal {
  const host = usableCores(topology);
  return "refused" in host ? host : resolveOn(host, cell);
}

/** {@link resolvePlacement} for many cells of one host, whose cores are worked out once. */
export function resolveOn(host: HostCores, cell: Cell): ResolvedPlacement | PlacementRefusal {
  const request = readPlacementRequest(cell);
  if ("refused" in request) return request;
  const kind = findPlacementKind(request.name);
  if (kind === undefined) return { refused: `no placement is called ${request.name}` };
  const layout = kind.layOut(host, request);
  return "refused" in layout ? layout : toResolved(host, request, layout);
}

/** Cores of each instance, in order; null where the placement does not exist on this host. */
export function coresPerInstance(host: HostCores, cell: Cell): readonly number[] | null {
  const request = readPlacementRequest(cell);
  if ("refused" in request) return null;
  const layout = findPlacementKind(request.name)?.layOut(host, request);
  if (layout === undefined || "refused" in layout) return null;
  return layout.instances.map((cores) => cores.length);
}

function toResolved(
  host: HostCores,
  request: PlacementRequest,
  layout: Layout,
): ResolvedPlacement | PlacementRefusal {
  const instances: InstancePlacement[] = [];
  if (layout.boundTo !== undefined && (request.memoryPolicy ?? "bind") !== "bind") {
    return { refused: `${request.name} binds its memory; ${request.memoryPolicy} is asked for` };
  }
  for (const [index, cores] of layout.instances.entries()) {
    if (request.smt && cores.every((core) => core.pus.length < 2)) {
      return { refused: "no core has a second usable thread (SMT is off or not allowed)" };
    }
    const memory = bindMemory(host, { cores, request, prescribed: layout.boundTo?.[index] });
    if ("refused" in memory) return memory;
    const pus = toCpuSet(cores.flatMap((core) => (request.smt ? core.pus : core.pus.slice(0, 1))));
    instances.push({ pus, ...memory, threads: pus.length });
  }
  return { instances, idlePus: idlePus(host, instances) };
}

interface BindingRequest {
  readonly cores: readonly UsableCore[];
  readonly request: PlacementRequest;
  readonly prescribed: readonly number[] | undefined;
}

function bindMemory(
  host: HostCores,
  { cores, request, prescribed }: BindingRequest,
): Pick<InstancePlacement, "memoryNodes" | "memoryPolicy"> | PlacementRefusal {
  const policy = request.memoryPolicy ?? (prescribed === undefined ? "local" : "bind");
  const homeless = cores.find((core) => core.numaNodes.length === 0);
  if (prescribed === undefined && policy !== "local" && homeless !== undefined) {
    return { refused: `${policy} needs NUMA nodes, and CPU ${homeless.pus[0]} is in none` };
  }
  const memoryNodes = prescribed ?? numaNodesOf(cores);
  const refused = policy === "local" ? null : refuseBinding(host, memoryNodes, policy);
  return refused ?? { memoryNodes, memoryPolicy: policy };
}

function refuseBinding(
  host: HostCores,
  nodes: readonly number[],
  policy: MemoryPolicy,
): PlacementRefusal | null {
  if (nodes.length === 0) {
    return { refused: `${policy} needs NUMA nodes, and the host names none for these CPUs` };
  }
  if (policy === "preferred" && nodes.length > 1) {
    return { refused: `preferred takes one NUMA node, these CPUs are on ${formatCpuList(nodes)}` };
  }
  for (const id of nodes) {
    const node = host.memoryNodes.find((entry) => entry.id === id);
    if (node === undefined) return { refused: `the host has no NUMA node ${id}` };
    if (!node.hasMemory) return { refused: `NUMA node ${id} has no memory to ${policy}` };
    if (!node.allowed) return { refused: `NUMA node ${id} is not allowed to this process` };
  }
  return null;
}

/** Usable PUs of cores on which no instance runs: the second threads of busy cores are not idle. */
function idlePus(host: HostCores, instances: readonly InstancePlacement[]): CpuSet {
  const busy = new Set(instances.flatMap((instance) => instance.pus));
  const idle = host.packages
    .flatMap((entry) => entry.cores)
    .filter((core) => !core.pus.some((pu) => busy.has(pu)));
  return toCpuSet(idle.flatMap((core) => core.pus));
}
