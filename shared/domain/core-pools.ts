import type { UsableCore } from "./host-cores.ts";
import type { PlacementRefusal } from "./placement.ts";
import type { PlacementRequest } from "./placement-request.ts";

/** Cores of which a number of instances get equal parts, and which none of them leaves. */
export interface Pool {
  /** For people: `socket 0`, `NUMA node 3`. */
  readonly label: string;
  readonly cores: readonly UsableCore[];
  readonly instances: number;
}

/** The cores of each instance, in the order of the pools. */
export type InstanceCores = readonly (readonly UsableCore[])[];

/**
 * Shares pools out to their instances. Every instance gets as many cores as any other, unless the
 * remainder is spread; no instance crosses a NUMA node that its number of cores does not force it to.
 */
export function sharePools(
  pools: readonly Pool[],
  request: PlacementRequest,
): { readonly instances: InstanceCores } | PlacementRefusal {
  const parts = pools.flatMap(splitByNode);
  const tooFew = parts.find((part) => part.cores.length < part.instances);
  if (tooFew !== undefined) {
    const asked = `${tooFew.instances} instances`;
    return { refused: `${tooFew.label} has ${countCores(tooFew.cores.length)} for ${asked}` };
  }
  if (request.cores === "all") return shareAll(parts, request);
  const { cores } = request;
  const small = parts.find((part) => part.cores.length < cores * part.instances);
  if (small !== undefined) return { refused: explainSmall(small, cores) };
  return { instances: parts.flatMap((part) => takeEqual(part, cores)) };
}

function shareAll(
  parts: readonly Pool[],
  request: PlacementRequest,
): { readonly instances: InstanceCores } | PlacementRefusal {
  const each = Math.min(...parts.map((part) => Math.floor(part.cores.length / part.instances)));
  const used = parts.reduce((sum, part) => sum + part.instances * each, 0);
  const idle = parts.reduce((sum, part) => sum + part.cores.length, 0) - used;
  if (idle > 0 && request.remainder === "refuse") {
    const share = `${countCores(each)} an instance`;
    return { refused: `an even split gives ${share} and leaves ${countCores(idle)} idle` };
  }
  if (idle > 0 && request.remainder === "spread") {
    return { instances: parts.flatMap(takeUneven) };
  }
  return { instances: parts.flatMap((part) => takeEqual(part, each)) };
}

/**
 * Splits a pool of several instances at NUMA nodes: whole nodes to each instance where there are
 * fewer instances than nodes, else the instances shared out over the nodes in proportion to cores.
 */
function splitByNode(pool: Pool): readonly Pool[] {
  if (pool.instances === 1) return [pool];
  const nodes = groupByNode(pool.cores);
  if (pool.instances < nodes.length) {
    return chunk(nodes, pool.instances).map((group) => ({
      label: pool.label,
      cores: group.flat(),
      instances: 1,
    }));
  }
  const shares = apportion(
    pool.instances,
    nodes.map((node) => node.length),
  );
  return nodes
    .map((cores, index) => ({ label: pool.label, cores, instances: shares[index] ?? 0 }))
    .filter((part) => part.instances > 0);
}

/** Runs of cores on the same NUMA nodes, in filling order. */
function groupByNode(cores: readonly UsableCore[]): readonly (readonly UsableCore[])[] {
  const groups = new Map<string, UsableCore[]>();
  for (const core of cores) {
    const key = `${core.packageIndex}:${core.numaNodes.join(",")}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [core]);
    else group.push(core);
  }
  return [...groups.values()];
}

/** `count` runs of neighbours; the first ones are longer where the division leaves a rest. */
function chunk<Item>(items: readonly Item[], count: number): readonly (readonly Item[])[] {
  return Array.from({ length: count }, (_, index) =>
    items.slice(
      Math.ceil((index * items.length) / count),
      Math.ceil(((index + 1) * items.length) / count),
    ),
  );
}

/** Hands out `total` one by one, each to where the share per instance stays largest. */
function apportion(total: number, sizes: readonly number[]): readonly number[] {
  const shares = sizes.map(() => 0);
  for (let given = 0; given < total; given += 1) {
    let best = 0;
    sizes.forEach((size, index) => {
      const room = size / ((shares[index] ?? 0) + 1);
      if (room > (sizes[best] ?? 0) / ((shares[best] ?? 0) + 1)) best = index;
    });
    shares[best] = (shares[best] ?? 0) + 1;
  }
  return shares;
}

function takeEqual(part: Pool, each: number): InstanceCores {
  if (part.instances === 1) return [takeCompact(part.cores, each)];
  return Array.from({ length: part.instances }, (_, index) =>
    part.cores.slice(index * each, (index + 1) * each),
  );
}

/** All cores of the part; its first instances get one more where the division leaves a rest. */
function takeUneven(part: Pool): InstanceCores {
  return chunk(part.cores, part.instances);
}

/** `count` neighbours: within one NUMA node where any has so many, else node after node. */
export function takeCompact(cores: readonly UsableCore[], count: number): readonly UsableCore[] {
  const whole = groupByNode(cores).find((node) => node.length >= count);
  return (whole ?? cores).slice(0, count);
}

function explainSmall(part: Pool, cores: number): string {
  const asked = part.instances === 1 ? "" : `${part.instances} x `;
  return `${part.label} has ${countCores(part.cores.length)} usable, fewer than ${asked}${cores}`;
}

function countCores(count: number): string {
  return count === 1 ? "1 core" : `${count} cores`;
}
