import type { CpuSet } from "../../shared/domain/cpuset.ts";
import type { InstancePlacement } from "../../shared/domain/placement.ts";

/** What the names of all scopes and cgroups of launches begin with. */
export const launchPrefix = "fleetsweep-launch-";

/** What the names of a launch's scopes and cgroups begin with, and no other launch's do. */
export function scopePrefix(launchId: string): string {
  return `${launchPrefix}${launchId}-`;
}

/** The NUMA nodes that memory must lie on; null where the policy lets it lie elsewhere when they are full. */
export function boundNodes({ memoryPolicy, memoryNodes }: InstancePlacement): CpuSet | null {
  return memoryPolicy === "bind" || memoryPolicy === "interleave" ? memoryNodes : null;
}
