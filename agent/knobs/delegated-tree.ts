import { formatCpuList } from "../../shared/domain/cpuset.ts";
import type { InstancePlacement } from "../../shared/domain/placement.ts";
import type { DelegatedTree, LaunchPlace } from "./knob.ts";
import { boundNodes, launchPrefix, scopePrefix } from "./scope-names.ts";

export const unifiedMount = "/sys/fs/cgroup";

/** Where the agent lives itself: the kernel wants processes in the leaves of the hierarchy alone. */
export const ownLeaf = "agent";

/**
 * Makes a cgroup, gives it its PUs ($1) and NUMA nodes ($2, or nothing), enters it, and becomes the command:
 * pid, pipes and environment stay. A shell, for no other program that is everywhere enters a cgroup; its text is
 * this one, and what varies comes in as arguments.
 */
const enter = `set -e
mkdir -p "$0"
echo "$1" >"$0/cpuset.cpus"
[ -z "$2" ] || echo "$2" >"$0/cpuset.mems"
echo 0 >"$0/cgroup.procs"
shift 2
exec "$@"`;

/** What puts an instance into a cgroup of its own. */
export function enterCgroup(
  { directory }: Pick<DelegatedTree, "directory">,
  placement: InstancePlacement,
  { launchId, index }: LaunchPlace,
): readonly string[] {
  const name = `${scopePrefix(launchId ?? "trial")}${index}`;
  const nodes = boundNodes(placement);
  const sets = [formatCpuList(placement.pus), nodes === null ? "" : formatCpuList(nodes)];
  return ["sh", "-c", enter, `${directory}/${name}`, ...sets];
}

/** Whether a process whose /proc/PID/cgroup says `path` is in a cgroup of a launch. */
export function isLaunchCgroup({ directory }: DelegatedTree, path: string): boolean {
  return `${unifiedMount}${path}`.startsWith(`${directory}/${launchPrefix}`);
}

/** The path in the unified hierarchy that /proc/PID/cgroup tells; null where there is none. */
export function parseCgroupPath(text: string | null): string | null {
  return /^0::(\/.*)$/m.exec(text ?? "")?.[1] ?? null;
}

/** The directory of the subtree in which a program lives, by its /proc/PID/cgroup. */
export function subtreeOf(cgroupText: string | null): string | null {
  const path = parseCgroupPath(cgroupText);
  if (path === null) return null;
  const above = path.endsWith(`/${ownLeaf}`) ? path.slice(0, -ownLeaf.length - 1) : path;
  return above === "/" ? unifiedMount : `${unifiedMount}${above}`;
}
