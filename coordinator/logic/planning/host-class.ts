import { formatCpuList } from "../../../shared/domain/cpuset.ts";
import { usableCores } from "../../../shared/domain/host-cores.ts";
import type { Topology } from "../../../shared/domain/topology.ts";
import type { PlanningHost } from "../sweep-plan.ts";

/** Memory of equal hosts differs by what firmware reserves; a DIMM more or less is larger than this. */
const memoryStepBytes = 2 ** 30;

/**
 * Text that is equal for hosts whose results may be compared: CPU model, stepping and microcode,
 * the shape of what may be measured, memory, kernel, governor, turbo, and the runners' versions.
 */
export function hostClassKey(host: PlanningHost): string {
  const { cpu, summary, system } = host.topology;
  return JSON.stringify([
    [cpu?.modelName, cpu?.family, cpu?.model, cpu?.stepping, cpu?.microcode],
    shapeOf(host.topology),
    summary.memoryBytes === null ? null : Math.round(summary.memoryBytes / memoryStepBytes),
    [system.kernelRelease, Object.keys(system.scalingGovernor ?? {}).sort()],
    [system.intelPstateNoTurbo, system.cpufreqBoost, system.thpEnabled],
    host.runners.map((runner) => `${runner.name} ${runner.version}`).sort(),
  ]);
}

function shapeOf(topology: Topology): unknown {
  const cores = usableCores(topology);
  if ("refused" in cores) return cores.refused;
  return cores.packages.map((entry) =>
    entry.cores.map((core) => [core.numaNodes, core.l3, formatCpuList(core.pus)]),
  );
}
