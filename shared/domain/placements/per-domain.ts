import { sharePools } from "../core-pools.ts";
import type { UsableCore } from "../host-cores.ts";
import type { PlacementRefusal } from "../placement.ts";
import { type PlacementKind, refuseInstances } from "../placement-kind.ts";
import type { PlacementRequest } from "../placement-request.ts";

export const perNumaNode: PlacementKind = {
  name: "per-numa-node",
  summary: "one instance on each NUMA node that has usable cores, all running",
  matches: (name) => name === "per-numa-node",
  layOut(host, request) {
    const cores = host.packages.flatMap((entry) => entry.cores);
    const several = cores.find((core) => core.numaNodes.length !== 1);
    if (several !== undefined) {
      const nodes = several.numaNodes.join(",");
      const found = nodes === "" ? "is in no NUMA node" : `is in several NUMA nodes (${nodes})`;
      return { refused: `CPU ${several.pus[0]} ${found}` };
    }
    return layOutDomains(cores, (core) => core.numaNodes[0] ?? null, {
      domain: "NUMA node",
      request,
    });
  },
};

export const perL3: PlacementKind = {
  name: "per-l3",
  summary: "one instance on each L3 cache, all running",
  matches: (name) => name === "per-l3",
  layOut(host, request) {
    const cores = host.packages.flatMap((entry) => entry.cores);
    if (cores.some((core) => core.l3 === null)) {
      return { refused: "the host does not say which L3 cache each core shares" };
    }
    return layOutDomains(cores, (core) => core.l3, { domain: "L3", request });
  },
};

function layOutDomains(
  cores: readonly UsableCore[],
  keyOf: (core: UsableCore) => number | null,
  options: { readonly domain: string; readonly request: PlacementRequest },
): ReturnType<PlacementKind["layOut"]> {
  const groups = new Map<number | null, UsableCore[]>();
  for (const core of cores) {
    const key = keyOf(core);
    groups.set(key, [...(groups.get(key) ?? []), core]);
  }
  const refused: PlacementRefusal | null = refuseInstances(options.request, groups.size);
  if (refused !== null) return refused;
  const pools = [...groups].map(([key, members]) => ({
    label: `${options.domain} ${key}`,
    cores: members,
    instances: 1,
  }));
  return sharePools(pools, options.request);
}
