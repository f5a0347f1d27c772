import { formatCpuList } from "./cpuset.ts";
import type { NumaNode } from "./topology.ts";

/** NUMA nodes that see all others at the same distances. */
export interface DistanceGroup {
  readonly numaNodes: readonly number[];
  /** Distance between any two of them; null for a single node. */
  readonly within: number | null;
  /** Distance → the nodes outside the group, nearest first. */
  readonly outside: readonly { readonly distance: number; readonly numaNodes: readonly number[] }[];
}

type Row = Readonly<Record<string, number>>;

/**
 * Folds the distance matrix: nodes whose rows agree but for their own entries make one group, so that
 * a host of 36 nodes needs a few lines. Nodes without a row are left out.
 */
export function groupDistances(nodes: readonly NumaNode[]): DistanceGroup[] {
  const rows = new Map<number, Row>();
  for (const { id, distances } of nodes) if (distances !== null) rows.set(id, distances);
  const groups: number[][] = [];
  for (const id of rows.keys()) {
    const home = groups.find((group) => group.every((member) => areAlike(rows, member, id, group)));
    if (home === undefined) groups.push([id]);
    else home.push(id);
  }
  return groups.map((group) => describeGroup(rows, group));
}

/** All members of a group have the same distance to each other, and every one the same to the rest. */
function areAlike(
  rows: ReadonlyMap<number, Row>,
  member: number,
  id: number,
  group: readonly number[],
): boolean {
  const [a, b] = [rows.get(member), rows.get(id)];
  if (a === undefined || b === undefined) return false;
  const first = group[0] ?? member;
  const second = group[1] ?? id;
  const within = rows.get(first)?.[second];
  if (a[id] !== within || b[member] !== within) return false;
  return [...rows.keys()].every(
    (other) => other === member || other === id || a[other] === b[other],
  );
}

function describeGroup(rows: ReadonlyMap<number, Row>, group: readonly number[]): DistanceGroup {
  const [first, second] = group;
  const row = rows.get(first ?? -1) ?? {};
  const byDistance = new Map<number, number[]>();
  for (const [key, distance] of Object.entries(row)) {
    const id = Number(key);
    if (group.includes(id)) continue;
    byDistance.set(distance, [...(byDistance.get(distance) ?? []), id]);
  }
  return {
    numaNodes: group,
    within: second === undefined ? null : (row[second] ?? null),
    outside: [...byDistance]
      .sort(([a], [b]) => a - b)
      .map(([distance, nodes]) => ({ distance, numaNodes: nodes.sort((a, b) => a - b) })),
  };
}

/** `0-3:`, `12 among themselves,`, `21 to 4-7`: pieces that may stand on lines of their own. */
export function formatDistanceGroup({ numaNodes, within, outside }: DistanceGroup): string[] {
  const parts = outside.map(
    ({ distance, numaNodes: ids }) => `${distance} to ${formatCpuList(ids)}`,
  );
  const all = within === null ? parts : [`${within} among themselves`, ...parts];
  const list = formatCpuList([...numaNodes].sort((a, b) => a - b));
  if (all.length === 0) return [`${list}: no other`];
  return [`${list}:`, ...all.map((part, index) => (index < all.length - 1 ? `${part},` : part))];
}
