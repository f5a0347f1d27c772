import type { PlannedCell } from "../../shared/domain/log-event.ts";
import type { Method } from "../../shared/domain/method.ts";
import type { ResolvedPlacement } from "../../shared/domain/placement.ts";
import type { RunnerDeclaration } from "../../shared/domain/runner-declaration.ts";
import type { Topology } from "../../shared/domain/topology.ts";

/** A host as the planner sees it: enrolled, or only described by a topology file. */
export interface PlanningHost {
  readonly hostId: string;
  readonly topology: Topology;
  readonly runners: readonly RunnerDeclaration[];
  readonly labels: Readonly<Record<string, string>>;
}

/** What a sweep would run, exactly: the same inputs give the same plan on every machine. */
export interface SweepPlan {
  readonly name: string;
  readonly method: Method;
  readonly hosts: readonly HostPlan[];
  /** Hosts that the selector left out or that can run no cell, each with the reason. */
  readonly unmatched: readonly UnmatchedHost[];
}

export interface HostPlan {
  readonly hostId: string;
  readonly shards: readonly ShardPlan[];
  readonly pruned: readonly PrunedCells[];
  /** Exact CPU sets and NUMA bindings of every distinct placement of this host's cells. */
  readonly placements: readonly PlannedPlacement[];
  readonly estimatedSeconds: number;
  /** What the estimate rests on, for people. */
  readonly estimateBasis: string;
}

export interface ShardPlan {
  readonly shardId: string;
  /** Hosts of the class that may take the shard over. */
  readonly movableTo: readonly string[];
  readonly cells: readonly PlannedCell[];
}

export interface PlannedPlacement {
  /** The placement's axes as `name=value` pairs, such as `placement=one-socket cores=4`. */
  readonly label: string;
  readonly resolved: ResolvedPlacement;
}

/** Cells that are not measured, by the rule that took them out. */
export interface PrunedCells {
  readonly rule: string;
  readonly reason: string;
  readonly count: number;
  /** The axis or key of the file to blame; null where none is alone. */
  readonly axis: string | null;
}

/** A host that measures nothing of a sweep. */
export interface UnmatchedHost {
  readonly hostId: string;
  readonly reason: string;
  /** As in {@link PrunedCells}, of the commonest reason. */
  readonly axis: string | null;
}
