import { sharePools } from "../core-pools.ts";
import type { HostCores } from "../host-cores.ts";
import { type PlacementKind, refuseInstances } from "../placement-kind.ts";
import type { PlacementRequest } from "../placement-request.ts";

export const perSocket: PlacementKind = {
  name: "per-socket",
  summary: "one instance on each package, all running",
  matches: (name) => name === "per-socket",
  layOut: (host, request) => layOutPerSocket(host, request, 1),
};

const pattern = /^([1-9]\d{0,3})-per-socket$/;

export const severalPerSocket: PlacementKind = {
  name: "K-per-socket",
  summary: "K instances on each package, all running: `2-per-socket`, `4-per-socket` …",
  matches: (name) => pattern.test(name),
  layOut: (host, request) =>
    layOutPerSocket(host, request, Number(pattern.exec(request.name)?.[1])),
};

function layOutPerSocket(
  host: HostCores,
  request: PlacementRequest,
  each: number,
): ReturnType<PlacementKind["layOut"]> {
  const refused = refuseInstances(request, host.packages.length * each);
  if (refused !== null) return refused;
  const pools = host.packages.map((entry) => ({
    label: `socket ${entry.id}`,
    cores: entry.cores,
    instances: each,
  }));
  return sharePools(pools, request);
}
