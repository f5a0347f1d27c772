import { sharePools } from "../core-pools.ts";
import { type PlacementKind, refuseSinglePackage } from "../placement-kind.ts";

export const allSockets: PlacementKind = {
  name: "all-sockets",
  summary:
    "one instance over all cores of all packages; `instances` of a multiple of the packages share them evenly and cross none",
  matches: (name) => name === "all-sockets",
  layOut(host, request) {
    const single = refuseSinglePackage(host);
    if (single !== null) return single;
    const instances = request.instances ?? 1;
    const cores = host.packages.flatMap((entry) => entry.cores);
    if (instances === 1) {
      if (request.cores !== "all" && request.cores !== cores.length) {
        const use = "for fewer use compact or spread";
        return { refused: `all-sockets runs on all ${cores.length} cores; ${use}` };
      }
      return { instances: [cores] };
    }
    if (instances % host.packages.length !== 0) {
      const packages = `${host.packages.length} sockets`;
      return { refused: `${instances} instances do not divide evenly over ${packages}` };
    }
    const each = instances / host.packages.length;
    const pools = host.packages.map((entry) => ({
      label: `socket ${entry.id}`,
      cores: entry.cores,
      instances: each,
    }));
    return sharePools(pools, request);
  },
};
