import type { InstanceCores } from "./core-pools.ts";
import type { HostCores, PackageCores } from "./host-cores.ts";
import type { PlacementRefusal } from "./placement.ts";
import type { PlacementRequest } from "./placement-request.ts";

/** One way to place instances, by name. A new placement is one such value and one registry line. */
export interface PlacementKind {
  /** As shown in the reference: `one-socket`, `K-per-socket`. */
  readonly name: string;
  readonly summary: string;
  readonly matches: (name: string) => boolean;
  readonly layOut: (host: HostCores, request: PlacementRequest) => Layout | PlacementRefusal;
}

/** Which cores each instance gets, before PUs and memory are chosen. */
export interface Layout {
  readonly instances: InstanceCores;
  /** Memory that the placement itself prescribes, one list an instance: it is bound to. */
  readonly boundTo?: readonly (readonly number[])[];
}

/** The package that a placement on one package uses: the asked one, else that with most usable cores. */
export function choosePackage(
  host: HostCores,
  request: PlacementRequest,
): PackageCores | PlacementRefusal {
  const count = host.packages.length;
  if (request.socket !== null) {
    const noSuch = `socket ${request.socket} is asked for, the host has ${count} usable (from 0)`;
    return host.packages[request.socket] ?? { refused: noSuch };
  }
  const [first, ...others] = host.packages;
  if (first === undefined) return { refused: "the host has no usable core" };
  return others.reduce(
    (best, next) => (next.cores.length > best.cores.length ? next : best),
    first,
  );
}

/** Why a placement over several packages is absent on a host with one; null where there are more. */
export function refuseSinglePackage(host: HostCores): PlacementRefusal | null {
  return host.packages.length < 2 ? { refused: "single package" } : null;
}

/** Placements that fix their number of instances refuse another one. */
export function refuseInstances(
  request: PlacementRequest,
  expected: number,
): PlacementRefusal | null {
  const { instances, name } = request;
  if (instances === null || instances === expected) return null;
  return { refused: `${name} runs ${expected} instances here, ${instances} are asked for` };
}
