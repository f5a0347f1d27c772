import { type CpuSet, formatCpuList } from "../../shared/domain/cpuset.ts";
import type { InstancePlacement } from "../../shared/domain/placement.ts";
import {
  type CgroupEvidence,
  type Knob,
  type KnobEvidence,
  type LaunchPlace,
  noSetting,
  type ScopeManager,
} from "./knob.ts";

/** The slice that holds every launch of a host. */
export const launchSlice = "fleetsweep.slice";

/**
 * Runs each instance in a transient scope of systemd, whose cpuset lets it have its PUs and, where a policy
 * names them, its NUMA nodes. A scope takes a process that exists, so its pid, its pipes and its environment
 * stay as they were spawned; for the same reason it takes no NUMAPolicy=, which a numactl inside sets.
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
          prefix: (placement, launch) => systemdRun(scopes, placement, launch),
          proof: (evidence) => proveScope(evidence),
          readback: { launch_scope: scopes.manager, launch_slice: launchSlice },
        },
};

/** `systemd-run --scope` with what the cpuset of an instance is to hold. See systemd.resource-control(5). */
export function systemdRun(
  { manager }: Pick<ScopeManager, "manager">,
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
    ...(launchId === null ? [] : [`--unit=${scopeName(launchId, index)}`]),
    `--property=AllowedCPUs=${formatCpuList(placement.pus)}`,
    ...(nodes === null ? [] : [`--property=AllowedMemoryNodes=${formatCpuList(nodes)}`]),
    // A default of the host would be a limit on threads that no other way of launching has.
    "--property=TasksMax=infinity",
    "--",
  ];
}

export function scopeName(launchId: string, index: number): string {
  return `${scopePrefix(launchId)}${index}.scope`;
}

/** What the names of a launch's scopes begin with, and no other launch's do. */
export function scopePrefix(launchId: string): string {
  return `fleetsweep-launch-${launchId}-`;
}

/** The NUMA nodes that memory must lie on; null where the policy lets it lie elsewhere when they are full. */
function boundNodes({ memoryPolicy, memoryNodes }: InstancePlacement): CpuSet | null {
  return memoryPolicy === "bind" || memoryPolicy === "interleave" ? memoryNodes : null;
}

/** The cgroup of the running process, with the sets that the kernel grants it. */
function proveScope({ cgroup, placement }: KnobEvidence): string | null {
  if (cgroup === null) return "the cgroup of the process cannot be read";
  const parts = cgroup.path.split("/");
  if (!parts.includes(launchSlice) || !cgroup.path.endsWith(".scope")) {
    return `the process is in ${cgroup.path}, in no scope of ${launchSlice}`;
  }
  return (
    differs(cgroup, "cpus", placement.pus) ?? differs(cgroup, "memoryNodes", boundNodes(placement))
  );
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
