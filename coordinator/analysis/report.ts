import type { AxisValue, Cell } from "../../shared/domain/cell.ts";
import type { Method } from "../../shared/domain/method.ts";
import type { Reason } from "../../shared/domain/result.ts";
import type { SweepDisplayState } from "../logic/summary.ts";
import type { Findings } from "./findings.ts";
import type { ServerLoad } from "./report-input.ts";
import type { Traces } from "./traces.ts";

/** The structure of a report as JSON; a change that breaks readers gets another number. */
export const reportSchema = "fleetsweep-report/1";

/** What a sweep found, for people and programs; plain data, so it survives JSON as it is. */
export interface Report {
  readonly schema: typeof reportSchema;
  readonly sweep: ReportHeader;
  readonly hosts: readonly HostSummary[];
  /** Axes that have one value in every cell. */
  readonly constants: Cell;
  /** Axes that vary, placements last; `host` is no axis and stands beside them. */
  readonly varying: readonly string[];
  readonly rows: readonly ReportRow[];
  readonly failed: readonly FailedCell[];
  readonly missing: readonly MissingCell[];
  readonly findings: Findings;
  /** Launches and calls for pictures; null where the report was made without them. */
  readonly traces: Traces | null;
}

export interface ReportHeader {
  readonly sweepId: string;
  readonly name: string;
  readonly state: SweepDisplayState;
  readonly precision: Method["precision"];
  /** Null for a smoke run, which has no target. */
  readonly targetHalfWidth: number | null;
  readonly minLaunches: number;
  readonly maxLaunches: number;
  readonly submittedAtMs: number;
  readonly plannedCells: number;
  readonly orphans: number;
  /** The sweep file as it was submitted; empty for published figures. */
  readonly source: string;
}

export interface HostSummary {
  readonly hostId: string;
  /** In the order to show them; null where the host does not say. */
  readonly facts: readonly { readonly name: string; readonly value: string | null }[];
}

/** A value with its 95 % interval; null bounds where fewer than two launches were counted. */
export interface Figure {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  /** Relative: 0.02 is ±2 %. */
  readonly halfWidth: number | null;
}

/** A figure, or why there is none. */
export type Scaling =
  | {
      readonly speedUp: Figure;
      readonly efficiency: Figure;
      readonly baseCellId: string;
      /** Pairs of launches that the ratio rests on. */
      readonly pairs: number;
    }
  | { readonly absent: string };

export interface ReportRow {
  readonly hostId: string;
  readonly cellId: string;
  readonly cell: Cell;
  readonly launches: LaunchCounts;
  readonly medianNs: Figure;
  /** Of each launch that may be used, so that two rows can be compared launch by launch. */
  readonly launchNs: readonly LaunchValue[];
  /** Null where too few calls were pooled to say. */
  readonly p90Ns: number | null;
  readonly pooledCalls: number;
  readonly samplesPerSecond: number;
  /** The same with its interval. */
  readonly throughput: Figure;
  /** What came to a server and what it made of it; null for other arrivals. */
  readonly load: ServerLoad | null;
  readonly scaling: Scaling;
  readonly verdict: RowVerdict;
}

/** Its number, and its median in ns. */
export type LaunchValue = readonly [launch: number, medianNs: number];

export interface LaunchCounts {
  /** Those that the figures rest on. */
  readonly used: number;
  readonly invalid: number;
  readonly failed: number;
}

export interface RowVerdict {
  /** Null where one launch allows none: a smoke run. */
  readonly status: "valid" | "flagged" | "invalid" | null;
  readonly reasons: readonly Reason[];
}

export interface FailedCell {
  readonly hostId: string;
  readonly cellId: string;
  readonly cell: Cell;
  readonly reason: string;
  readonly message: string;
  readonly stderrTail: string;
  /** Launches that were measured before. */
  readonly measuredLaunches: number;
}

export interface MissingCell {
  readonly hostId: string;
  readonly cellId: string;
  readonly cell: Cell;
  readonly reason: string;
}

/** One value of an axis as people read it. */
export function showAxisValue(value: AxisValue | undefined): string {
  return value === undefined ? "" : String(value);
}
