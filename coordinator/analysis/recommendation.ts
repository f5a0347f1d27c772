import type { Cell } from "../../shared/domain/cell.ts";
import type { Metric } from "./metric.ts";

/** The structure of recommendations as JSON; a change that breaks readers gets another number. */
export const recommendationSchema = "fleetsweep-recommendation/1";

/** What to run, for a goal: for every workload on every host of a sweep. */
export interface Recommendations {
  readonly schema: typeof recommendationSchema;
  readonly sweepId: string;
  readonly objective: string;
  readonly items: readonly Recommendation[];
  /** A sweep file that measures every winner head to head with its baseline; empty without winners. */
  readonly confirmation: string;
}

export interface Recommendation {
  readonly hostId: string;
  readonly workload: Cell;
  /** Null with the reason where no cell meets the goal. */
  readonly winner: Choice | null;
  readonly reason: string;
  /** Cells that are not certainly worse than the winner. */
  readonly tied: readonly Choice[];
  /** What a host does out of the box: one socket, every knob at its default; null where it was not measured. */
  readonly baseline: Choice | null;
  /** How many times as good as the baseline, paired; above 1 is better. */
  readonly gain: Metric;
  /** One command a process, with its environment, to put before the program. */
  readonly commands: readonly string[];
}

export interface Choice {
  readonly cell: Cell;
  readonly cellId: string;
  /** What the goal counts: ns of latency, samples/s, or samples/s of a core. */
  readonly figure: Metric;
  readonly latencyNs: Metric;
  readonly samplesPerSecond: Metric;
}
