import type { Cell } from "../../../shared/domain/cell.ts";
import type { HostCores } from "../../../shared/domain/host-cores.ts";
import { resolveOn } from "../../../shared/domain/resolve-placement.ts";

/** What a cell's placement comes to on its host, in packages and cores. */
export interface CellLayout {
  readonly placement: string;
  readonly instances: number;
  /** Of the smallest instance. */
  readonly coresPerInstance: number;
  /** Over all instances. */
  readonly cores: number;
  /** Positions of the packages that the instances run on, ascending. */
  readonly packages: readonly number[];
  /** The most packages that one instance lies on. */
  readonly packagesPerInstance: number;
  /** Every usable core of those packages. */
  readonly fillsPackages: boolean;
  readonly smt: boolean;
  readonly memoryPolicy: string;
  readonly remoteMemory: boolean;
}

/**
 * Lays placements of one host out, each object once. Null where the host cannot be known.
 * @returns for the placement axes of a cell
 */
export function layOutPlacements(host: HostCores | null): (placement: Cell) => CellLayout | null {
  const known = new Map<Cell, CellLayout | null>();
  return (placement) => {
    if (host === null) return null;
    const found = known.get(placement);
    if (found !== undefined) return found;
    const layout = layOut(host, placement);
    known.set(placement, layout);
    return layout;
  };
}

function layOut(host: HostCores, axes: Cell): CellLayout | null {
  const resolved = resolveOn(host, axes);
  if ("refused" in resolved) return null;
  const coreOf = new Map<number, number>();
  const packageOf = new Map<number, number>();
  let core = 0;
  for (const entry of host.packages) {
    for (const { pus, packageIndex } of entry.cores) {
      for (const pu of pus) coreOf.set(pu, core);
      for (const pu of pus) packageOf.set(pu, packageIndex);
      core += 1;
    }
  }
  const coresOf = resolved.instances.map(
    ({ pus }) => new Set(pus.map((pu) => coreOf.get(pu))).size,
  );
  const packagesOf = resolved.instances.map(
    ({ pus }) => new Set(pus.map((pu) => packageOf.get(pu) ?? 0)),
  );
  const packages = [...new Set(packagesOf.flatMap((set) => [...set]))].sort((a, b) => a - b);
  const cores = coresOf.reduce((sum, count) => sum + count, 0);
  const capacity = packages.reduce((sum, at) => sum + (host.packages[at]?.cores.length ?? 0), 0);
  const placement = String(axes["placement"] ?? "one-socket");
  return {
    placement,
    instances: resolved.instances.length,
    coresPerInstance: Math.min(...coresOf),
    cores,
    packages,
    packagesPerInstance: Math.max(...packagesOf.map((set) => set.size)),
    fillsPackages: cores === capacity,
    smt: axes["smt"] === "on",
    memoryPolicy: resolved.instances[0]?.memoryPolicy ?? "local",
    remoteMemory: placement === "remote-memory",
  };
}
