import { sharePools } from "../core-pools.ts";
import { type HostCores, numaNodesOf, type PackageCores } from "../host-cores.ts";
import { choosePackage, type PlacementKind, refuseSinglePackage } from "../placement-kind.ts";

export const remoteMemory: PlacementKind = {
  name: "remote-memory",
  summary:
    "a negative control: cores as `one-socket`, memory bound to the NUMA nodes of another package",
  matches: (name) => name === "remote-memory",
  layOut(host, request) {
    const single = refuseSinglePackage(host);
    if (single !== null) return single;
    const chosen = choosePackage(host, request);
    if ("refused" in chosen) return chosen;
    const nodes = otherNodes(host, chosen);
    if (nodes.length === 0)
      return { refused: "no other socket has NUMA nodes of its own to bind to" };
    const instances = request.instances ?? 1;
    const pool = { label: "one socket", cores: chosen.cores, instances };
    const shared = sharePools([pool], request);
    if ("refused" in shared) return shared;
    return { instances: shared.instances, boundTo: shared.instances.map(() => nodes) };
  },
};

/** The nodes with allowed memory of the next package that shares none with the chosen one. */
function otherNodes(host: HostCores, chosen: PackageCores): readonly number[] {
  const own = new Set(numaNodesOf(chosen.cores));
  const usable = new Set(
    host.memoryNodes.filter((node) => node.hasMemory && node.allowed).map((node) => node.id),
  );
  const start = host.packages.indexOf(chosen);
  for (let step = 1; step < host.packages.length; step += 1) {
    const next = host.packages[(start + step) % host.packages.length];
    const nodes = numaNodesOf(next?.cores ?? []);
    if (nodes.length > 0 && nodes.every((node) => !own.has(node) && usable.has(node))) return nodes;
  }
  return [];
}
