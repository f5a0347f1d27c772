import type { CpuSet } from "./cpuset.ts";

/** How an instance's memory is bound; `local` allocates where the thread runs, with no numactl policy. */
export type MemoryPolicy = "local" | "bind" | "interleave" | "preferred";

/** Which PUs and NUMA nodes one instance gets. */
export interface InstancePlacement {
  /** One PU per core unless SMT is asked for. */
  readonly pus: CpuSet;
  /** NUMA nodes that hold `pus`, or for `remote-memory` those that do not. */
  readonly memoryNodes: readonly number[];
  readonly memoryPolicy: MemoryPolicy;
  /** Equals `pus.length`: threads other than the CPU set are refused when planning. */
  readonly threads: number;
}

/** A placement resolved on one host. */
export interface ResolvedPlacement {
  readonly instances: readonly InstancePlacement[];
  /** Usable PUs of the host's cores that no instance runs on. */
  readonly idlePus: CpuSet;
}

/** Why a placement does not exist on a host: an outcome, not an error. */
export interface PlacementRefusal {
  readonly refused: string;
}
