import { formatCpuList, parseCpuList } from "../cpuset.ts";
import type { HostCores, UsableCore } from "../host-cores.ts";
import type { PlacementRefusal } from "../placement.ts";
import { type Layout, type PlacementKind, refuseInstances } from "../placement-kind.ts";
import type { PlacementRequest } from "../placement-request.ts";

const prefix = "cpus:";

/** One instance's part of an explicit placement: `24-47@1`. */
interface ExplicitPart {
  readonly pus: readonly number[];
  readonly memoryNodes: readonly number[] | null;
}

export const explicitCpus: PlacementKind = {
  name: "cpus:LIST",
  summary:
    "exactly these CPUs: `cpus:0-23`, with memory bound to NUMA node 1 `cpus:24-47@1`, several instances `cpus:0-23@0|24-47@1`",
  matches: (name) => name.startsWith(prefix),
  layOut(host, request) {
    const parts = request.name.slice(prefix.length).split("|").map(parsePart);
    const refused = refuseInstances(request, parts.length);
    if (refused !== null) return refused;
    const instances: (readonly UsableCore[])[] = [];
    const taken = new Set<number>();
    for (const part of parts) {
      if ("refused" in part) return part;
      const cores = findCores(host, part, request);
      if ("refused" in cores) return cores;
      const twice = part.pus.find((pu) => taken.has(pu));
      if (twice !== undefined) return { refused: `CPU ${twice} is given to two instances` };
      for (const pu of part.pus) taken.add(pu);
      instances.push(cores.cores);
    }
    return withMemory(instances, parts);
  },
};

function withMemory(
  instances: Layout["instances"],
  parts: readonly (ExplicitPart | PlacementRefusal)[],
): Layout | PlacementRefusal {
  const nodes = parts.map((part) => ("refused" in part ? null : part.memoryNodes));
  if (nodes.every((list) => list === null)) return { instances };
  const bound = nodes.filter((list) => list !== null);
  if (bound.length < nodes.length) {
    return { refused: "give NUMA nodes (`@`) to every instance or to none" };
  }
  return { instances, boundTo: bound };
}

function parsePart(text: string): ExplicitPart | PlacementRefusal {
  const [cpus = "", nodes, ...rest] = text.split("@");
  const pus = parseCpuList(cpus);
  const memory = nodes === undefined ? null : parseCpuList(nodes);
  const bad = pus.problems[0] ?? memory?.problems[0];
  if (bad !== undefined) return { refused: `${bad.item} is no list of CPUs or NUMA nodes` };
  if (rest.length > 0 || pus.cpus.length === 0 || memory?.cpus.length === 0) {
    return { refused: `${JSON.stringify(text)} is not of the form CPUS or CPUS@NODES` };
  }
  return { pus: pus.cpus, memoryNodes: memory === null ? null : memory.cpus };
}

/** The cores cut down to the listed PUs. */
function findCores(
  host: HostCores,
  part: ExplicitPart,
  request: PlacementRequest,
): { cores: readonly UsableCore[] } | PlacementRefusal {
  const wanted = new Set(part.pus);
  const cores = host.packages
    .flatMap((entry) => entry.cores)
    .map((core) => ({ ...core, pus: core.pus.filter((pu) => wanted.delete(pu)) }))
    .filter((core) => core.pus.length > 0);
  if (wanted.size > 0) {
    const missing = formatCpuList([...wanted].sort((a, b) => a - b));
    return { refused: `CPUs ${missing} are offline, isolated, not allowed or not there` };
  }
  const shared = cores.find((core) => core.pus.length > 1);
  if (shared !== undefined && !request.smt) {
    const list = formatCpuList(shared.pus);
    return { refused: `CPUs ${list} are threads of one core: leave one out or set smt: on` };
  }
  if (request.cores !== "all" && request.cores !== cores.length) {
    return { refused: `the list holds ${cores.length} cores, ${request.cores} are asked for` };
  }
  return { cores };
}
