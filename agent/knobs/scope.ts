import { type CpuSet, formatCpuList } from "../../shared/domain/cpuset.ts";
import type { InstancePlacement } from "../../shared/domain/placement.ts";
import { enterCgroup, isLaunchCgroup } from "./delegated-tree.ts";
import {
  type CgroupEvidence,
  type Knob,
  type KnobEvidence,
  type LaunchPlace,
  noSetting,
  type ScopeManager,
  type ServiceManager,
} from "./knob.ts";
import { boundNodes, scopePrefix } from "./scope-names.ts";

/** The slice that holds every launch of a host. */
export const launchSlice = "fleetsweep.slice";

/**
 * Runs each instance in a transient scope of systemd, or in a cgroup of the agent's own subtree, whose cpuset
 * lets it have its PUs and, where a policy names them, its NUMA nodes. A scope takes a process that exists, so
 * its pid, its pipes and its environment stay as they were spawned; for the same reason it takes no NUMAPolicy=,
 * which a numactl inside sets.
 */
export const scope: Knob = {
  name: "scope",
  axes: [],
  set: (_request, { scopes }) =>
    scopes.manager === null
      ? { ...noSetting, readback: { launch_scope: "none", launch_scope_problem: scopes.problem } }
      : {
          ...noSetting,
          environment: scopes.environment,
          prefix: (placement, launch) => enterScope(scopes, placement, launch),
          proof: (evidence) => proveScope(scopes, evidence),
          readback: {
            launch_scope: scopes.manager,
            launch_slice: scopes.manager === "delegated" ? scopes.directory : launchSlice,
          },
        },
};

function enterScope(
  scopes: ScopeManager,
  placement: InstancePlacement,
  launch: LaunchPlace,
): readonly string[] {
  return scopes.manager === "delegated"
    ? enterCgroup(scopes, placement, launch)
    : systemdRun(scopes, placement, launch);
}

/** `systemd-run --scope` with what the cpuset of an instance is to hold. See systemd.resource-control(5). */
export function systemdRun(
  { manager }: Pick<ServiceManager, "manager">,
  placement: InstancePlacement,
  { launchId, index }: LaunchPlace,
): readonly string[] {
  const nodes = boundNodes(placement);
  return [
    "systemd-run",
    ...(manager === "user" ? ["--user"] : []),
    "--scope",
    "--quiet",
    "--collect",
    `--slice=${launchSlice}`,
    ...(launchId === null ? [] : [`--unit=${scopePrefix(launchId)}${index}.scope`]),
    `--property=AllowedCPUs=${formatCpuList(placement.pus)}`,
    ...(nodes === null ? [] : [`--property=AllowedMemoryNodes=${formatCpuList(nodes)}`]),
    // A default of the host would be a limit on threads that no other way of launching has.
    "--property=TasksMax=infinity",
    "--",
  ];
}

/** The cgroup of the running process, with the sets that the kernel grants it. */
function proveScope(scopes: ScopeManager, { cgroup, placement }: KnobEvidence): string | null {
  if (cgroup === null) return "the cgroup of the process cannot be read";
  const [isThere, place] =
    scopes.manager === "delegated"
      ? [isLaunchCgroup(scopes, cgroup.path), `cgroup for launches in ${scopes.directory}`]
      : [isLaunchScope(cgroup.path), `scope of ${launchSlice}`];
  if (!isThere) return `the process is in ${cgroup.path}, in no ${place}`;
  return (
    differs(cgroup, "cpus", placement.pus) ?? differs(cgroup, "memoryNodes", boundNodes(placement))
  );
}

function isLaunchScope(path: string): boolean {
  return path.split("/").includes(launchSlice) && path.endsWith(".scope");
}

function differs(
  cgroup: CgroupEvidence,
  field: "cpus" | "memoryNodes",
  planned: CpuSet | null,
): string | null {
  if (planned === null) return null;
  const found = cgroup[field];
  const what = field === "cpus" ? "PUs" : "NUMA nodes";
  if (found === null) return `the ${what} of ${cgroup.path} cannot be read`;
  const [has, wants] = [formatCpuList(found), formatCpuList(planned)];
  return has === wants ? null : `${cgroup.path} has the ${what} ${has}, not ${wants}`;
}
