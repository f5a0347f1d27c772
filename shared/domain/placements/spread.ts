import { takeCompact } from "../core-pools.ts";
import { type PlacementKind, refuseInstances, refuseSinglePackage } from "../placement-kind.ts";

export const spread: PlacementKind = {
  name: "spread",
  summary: "one instance on `cores` split evenly over all packages",
  matches: (name) => name === "spread",
  layOut(host, request) {
    const refused = refuseSinglePackage(host) ?? refuseInstances(request, 1);
    if (refused !== null) return refused;
    const packages = host.packages.length;
    const smallest = Math.min(...host.packages.map((entry) => entry.cores.length));
    const cores = request.cores === "all" ? smallest * packages : request.cores;
    if (cores % packages !== 0) {
      return { refused: `${cores} cores do not divide evenly over ${packages} sockets` };
    }
    const each = cores / packages;
    if (each > smallest) {
      return { refused: `the smallest socket has ${smallest} usable cores, fewer than ${each}` };
    }
    return { instances: [host.packages.flatMap((entry) => takeCompact(entry.cores, each))] };
  },
};
