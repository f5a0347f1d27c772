import { fingerprint } from "../../../shared/domain/fingerprint.ts";
import { usableCores } from "../../../shared/domain/host-cores.ts";
import type { Topology } from "../../../shared/domain/topology.ts";
import type { PlanningHost } from "../sweep-plan.ts";

/**
 * Text that is equal for hosts that may share a sweep's cells out: they are of one class, run the
 * same versions, and may use equally many cores of each package and NUMA node.
 */
export function hostClassKey(host: PlanningHost): string {
  const runners = host.runners.map((runner) => `${runner.name} ${runner.version}`);
  const extra = { runners: runners.sort(byText).join(", ") };
  return JSON.stringify([fingerprint(host.topology, extra), usableShape(host.topology)]);
}

/** Usable threads of each core, by package and NUMA node. */
function usableShape(topology: Topology): unknown {
  const cores = usableCores(topology);
  if ("refused" in cores) return cores.refused;
  return cores.packages.map((entry) =>
    entry.cores.map((core) => [core.numaNodes, core.l3, core.pus.length]),
  );
}

function byText(a: string, b: string): number {
  return a < b ? -1 : 1;
}
