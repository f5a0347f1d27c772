import { sharePools } from "../core-pools.ts";
import { choosePackage, type PlacementKind } from "../placement-kind.ts";

export const oneSocket: PlacementKind = {
  name: "one-socket",
  summary: "one package; `instances` share its cores",
  matches: (name) => name === "one-socket",
  layOut(host, request) {
    const chosen = choosePackage(host, request);
    if ("refused" in chosen) return chosen;
    const instances = request.instances ?? 1;
    return sharePools([{ label: "one socket", cores: chosen.cores, instances }], request);
  },
};
