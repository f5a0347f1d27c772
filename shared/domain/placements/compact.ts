import { sharePools } from "../core-pools.ts";
import { choosePackage, type PlacementKind } from "../placement-kind.ts";

export const compact: PlacementKind = {
  name: "compact",
  summary:
    "`cores` neighbours, filled NUMA node by NUMA node and package by package: it crosses only where that many do not fit",
  matches: (name) => name === "compact",
  layOut(host, request) {
    const first = choosePackage(host, request);
    if ("refused" in first) return first;
    const others = host.packages.filter((entry) => entry !== first);
    const instances = request.instances ?? 1;
    const onOne = request.cores !== "all" && request.cores * instances <= first.cores.length;
    const cores = onOne ? first.cores : [first, ...others].flatMap((entry) => entry.cores);
    return sharePools([{ label: "the host", cores, instances }], request);
  },
};
