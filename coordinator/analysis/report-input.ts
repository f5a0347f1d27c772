import type { Cell } from "../../shared/domain/cell.ts";
import type { HostCores } from "../../shared/domain/host-cores.ts";
import type { Method } from "../../shared/domain/method.ts";
import type { Verdict } from "../../shared/domain/result.ts";
import type { Topology } from "../../shared/domain/topology.ts";

/** All that a report rests on, read from the projection or made by a test. */
export interface ReportInput {
  readonly sweep: ReportSweep;
  /** Every host that the sweep was planned for, by id. */
  readonly hosts: readonly ReportHost[];
  /** Every planned cell of the matrix, in the order of the plan. */
  readonly cells: readonly ReportCell[];
  /** Every planned visit of a canary, a cell of its own, in the order of the plan. */
  readonly canaries: readonly ReportCell[];
}

export interface ReportSweep {
  readonly sweepId: string;
  readonly name: string;
  readonly state: "open" | "cancelled" | "sealed";
  readonly method: Method;
  readonly submittedAtMs: number;
  /** Results in the log that do not count. */
  readonly orphans: number;
  /** The sweep file as it was submitted; empty for published figures. */
  readonly source: string;
}

export interface ReportHost {
  readonly hostId: string;
  readonly agentVersion: string | null;
  /** Null where the host has not reported since the projection was made. */
  readonly topology: Topology | null;
  /** Its usable cores, for placements; null where the host does not say. */
  readonly cores: HostCores | null;
  /** The id of its class; null where its facts are not known. */
  readonly classId: string | null;
  /** What each of its runners takes for a parameter of its own that a file does not name, by runner. */
  readonly parameterDefaults: Readonly<Record<string, Cell>>;
}

export interface ReportCell {
  readonly hostId: string;
  readonly shardId: string;
  readonly cellId: string;
  readonly cell: Cell;
  readonly terminal: "ok" | "failed" | "quarantined" | null;
  /** Why the log ended the cell where no launch did; null where it did not. */
  readonly givenUp: { readonly by: "abandoned" | "quarantined"; readonly reason: string } | null;
  /** Counted launches, by number. */
  readonly launches: readonly ReportLaunch[];
  /** Over the calls of all counted launches and instances; null where nothing was measured. */
  readonly pooled: PooledCalls | null;
}

export type ReportLaunch =
  | {
      readonly type: "measured";
      readonly launch: number;
      readonly medianNs: number;
      readonly samplesPerSecond: number;
      readonly verdict: Verdict;
      readonly runnerVersions: Readonly<Record<string, string>>;
      readonly bindingTool: string;
      /** Of a launch with several; one alone did what the launch says. */
      readonly instances: readonly ReportInstance[];
      /** Share of the memory on NUMA nodes local to the instances' PUs; null where the host does not say. */
      readonly locality: number | null;
      /** Of a server's load; without it calls did not come by a schedule. */
      readonly load?: ServerLoad | null;
      /** When the launch ended, by its host's wall clock. */
      readonly endedAtMs: number;
    }
  | {
      readonly type: "failed";
      readonly launch: number;
      readonly reason: string;
      readonly message: string;
      readonly stderrTail: string;
    };

/** One process of a launch. */
export interface ReportInstance {
  readonly index: number;
  readonly calls: number;
  readonly medianNs: number;
  /** Length of its timed phase in ns. */
  readonly timedNs: number;
}

/** Calls per second that were to come to a server and that it made, all instances together. */
export interface ServerLoad {
  readonly offeredPerSecond: number;
  readonly achievedPerSecond: number;
  /** The offered rate times the mean time of a call, of the busiest instance. */
  readonly utilisation: number;
  readonly unserved: number;
}

export interface PooledCalls {
  readonly count: number;
  readonly p90Ns: number;
  /** By percentile, such as `99.9`: those that so many calls allow. */
  readonly percentilesNs?: Readonly<Record<string, number>>;
}
