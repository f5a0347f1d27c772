import { type CpuSet, toCpuSet } from "../../shared/domain/cpuset.ts";

/** What is known of a NUMA node before its place among the packages is. */
export interface NodeFacts {
  readonly id: number;
  readonly cpus: CpuSet;
  readonly memoryBytes: number | null;
  readonly distances: Readonly<Record<string, number>> | null;
  readonly initiatorNodes: readonly number[] | null;
}

/**
 * The PUs that a NUMA node is local to: its own; for a node without PUs those of its HMAT
 * initiators; else those of the nearest nodes by SLIT distance. Empty where that cannot be told: the
 * node has neither PUs nor memory, no distances, or all other nodes are equally far.
 */
export function localCpusOf(node: NodeFacts, nodes: readonly NodeFacts[]): CpuSet {
  if (node.cpus.length > 0) return node.cpus;
  if (node.memoryBytes === 0) return [];
  const initiators = cpusOfNodes(nodes, node.initiatorNodes ?? []);
  if (initiators.length > 0) return initiators;
  const nearest = nearestNodes(node, nodes);
  const cpus = cpusOfNodes(nodes, nearest);
  if (cpus.length > 0 || nearest.length === 0) return cpus;
  // The nearest are memory-only nodes themselves, as two expanders on one package are.
  const withCpus = nodes.filter((other) => other.cpus.length > 0);
  return cpusOfNodes(nodes, nearestNodes(node, withCpus));
}

function cpusOfNodes(nodes: readonly NodeFacts[], ids: readonly number[]): CpuSet {
  return toCpuSet(nodes.filter(({ id }) => ids.includes(id)).flatMap(({ cpus }) => cpus));
}

function nearestNodes(node: NodeFacts, nodes: readonly NodeFacts[]): number[] {
  const { distances } = node;
  if (distances === null) return [];
  const others = nodes.flatMap(({ id }) => {
    const distance = distances[id];
    return id === node.id || distance === undefined ? [] : [{ id, distance }];
  });
  const shortest = Math.min(...others.map(({ distance }) => distance));
  const nearest = others.filter(({ distance }) => distance === shortest);
  return nearest.length === others.length ? [] : nearest.map(({ id }) => id);
}
