import type { Cell } from "../../shared/domain/cell.ts";
import type { Metric, Objective } from "./metric.ts";

/** The structure of comparisons as JSON; a change that breaks readers gets another number. */
export const comparisonSchema = "fleetsweep-comparison/1";

/** Two sets of cells side by side: sweeps, hosts, classes, software versions, or values of any axis. */
export interface Comparison {
  readonly schema: typeof comparisonSchema;
  readonly a: SideSummary;
  readonly b: SideSummary;
  readonly objective: Objective;
  /** Differences within it are nobody's concern: 0.01 is 1 %. */
  readonly margin: number;
  /** Share of false findings that is accepted among the changes (Benjamini and Hochberg). */
  readonly falseDiscoveryRate: number;
  readonly outcome: ComparisonOutcome;
  readonly counts: Readonly<Record<Change, number>>;
  readonly onlyA: number;
  readonly onlyB: number;
  /** Geometric mean of the ratios over all cells, then over those with each value of each axis. */
  readonly mean: Metric;
  readonly means: readonly AxisMean[];
  /** Canaries that both sweeps measured on one host: what changed in them may be the host's own change. */
  readonly canaries: readonly CanaryRatio[];
  /** The worst first. */
  readonly cells: readonly ComparedCell[];
}

export interface CanaryRatio {
  readonly hostId: string;
  readonly cell: Cell;
  /** Time in B over that in A, over all launches of all visits. */
  readonly ratio: Metric;
}

export interface SideSummary {
  /** As it was asked for. */
  readonly label: string;
  readonly sweepId: string;
  readonly name: string;
  readonly hostIds: readonly string[];
  /** Versions of the software that measured, such as `onnxruntime-node 1.30.0`. */
  readonly versions: readonly string[];
}

/**
 * `mixed`: some cells improved and others regressed. `inconclusive`: no change is certain, and not every
 * cell is known to be the same. `not-enough-data`: no cell has intervals on both sides.
 */
export type ComparisonOutcome =
  | "improvement"
  | "regression"
  | "mixed"
  | "no-change"
  | "inconclusive"
  | "not-enough-data";

export type Change = "improved" | "regressed" | "same" | "inconclusive";

export interface AxisMean {
  readonly axis: string;
  readonly value: string;
  readonly cells: number;
  readonly ratio: Metric;
}

export interface ComparedCell {
  /** Null where the sides are hosts or classes: then the cell stands for all of a side's. */
  readonly hostId: string | null;
  readonly cell: Cell;
  readonly cellIds: readonly [a: string, b: string];
  /** B over A, as figures that are better when small: above 1 is worse. */
  readonly ratio: Metric;
  readonly a: Metric;
  readonly b: Metric;
  /** Whether launches of both sides ran next to each other. */
  readonly paired: boolean;
  readonly p: number | null;
  /** Adjusted p (Benjamini and Hochberg) among all cells of the comparison. */
  readonly q: number | null;
  readonly change: Change;
}
