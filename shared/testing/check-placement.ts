import { type CpuSet, intersectCpuSets, parseCpuList, subtractCpuSets } from "../domain/cpuset.ts";
import type { ResolvedPlacement } from "../domain/placement.ts";
import type { Topology } from "../domain/topology.ts";

/** Everything that is wrong with a resolved placement on a host, worked out from the topology alone. */
export function placementFaults(
  topology: Topology,
  placed: ResolvedPlacement,
  options: { readonly smt: boolean; readonly remote?: boolean },
): readonly string[] {
  const allowed = parseCpuList(topology.cpus.allowed).cpus;
  const isolated = parseCpuList(topology.cpus.isolated ?? "").cpus;
  const faults: string[] = [];
  const seen = new Set<number>();
  for (const [index, instance] of placed.instances.entries()) {
    const fault = (text: string): void => void faults.push(`instance ${index}: ${text}`);
    if (instance.pus.length === 0) fault("no PU");
    if (instance.threads !== instance.pus.length) fault("threads differ from the CPU set");
    if (subtractCpuSets(instance.pus, allowed).length > 0) fault("a PU is not allowed");
    if (intersectCpuSets(instance.pus, isolated).length > 0) fault("a PU is isolated");
    for (const pu of instance.pus) {
      if (seen.has(pu)) fault(`PU ${pu} is in two instances`);
      seen.add(pu);
    }
    if (!options.smt && sharesCore(topology, instance.pus)) fault("two PUs of one core");
    const nodes = nodesOf(topology, instance.pus);
    const local = JSON.stringify(nodes) === JSON.stringify(instance.memoryNodes);
    if (options.remote !== true && !local)
      fault(`memory ${instance.memoryNodes.join()}, CPUs on ${nodes.join()}`);
    if (options.remote === true && nodes.some((node) => instance.memoryNodes.includes(node))) {
      fault("remote memory is local");
    }
  }
  if (placed.idlePus.some((pu) => seen.has(pu))) faults.push("a busy PU is listed as idle");
  return faults;
}

function sharesCore(topology: Topology, pus: CpuSet): boolean {
  return topology.cores.some(
    (core) => intersectCpuSets(parseCpuList(core.cpus).cpus, pus).length > 1,
  );
}

function nodesOf(topology: Topology, pus: CpuSet): readonly number[] {
  return topology.numaNodes
    .filter((node) => intersectCpuSets(parseCpuList(node.cpus).cpus, pus).length > 0)
    .map((node) => node.id)
    .sort((a, b) => a - b);
}

/** Which of the sets each PU is in, by its position; to see what an instance crosses. */
export function crossed(sets: readonly string[], pus: CpuSet): number {
  return sets.filter((set) => intersectCpuSets(parseCpuList(set).cpus, pus).length > 0).length;
}
