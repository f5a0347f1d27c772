import type { AxisTerm } from "../../shared/domain/axis-terms.ts";
import type { AxisValue } from "../../shared/domain/cell.ts";
import type { Expression } from "../../shared/domain/expression.ts";
import type { Method } from "../../shared/domain/method.ts";
import type { TuneSettings } from "../../shared/domain/tune.ts";

/** A sweep file, checked: what to measure, where and how precisely. */
export interface SweepSpec {
  readonly name: string;
  readonly description: string;
  /** The file's own matrix first, then one for each `include`. */
  readonly matrices: readonly Matrix[];
  readonly constraints: readonly Constraint[];
  readonly baselines: readonly BaselineName[];
  /** Cells that are measured again and again while the sweep lasts; null for none. */
  readonly canaries: Canaries | null;
  /** The batch of a cell is shared out over its instances, instead of given to each. */
  readonly splitBatch: boolean;
  readonly hosts: HostSelection;
  readonly method: Method;
  /** How a tune searches the matrix, as far as the file says. */
  readonly tune: Partial<TuneSettings>;
}

/** Axes with their values as written; an axis that is not there has its default. */
export interface Matrix {
  readonly axes: Readonly<Record<string, readonly AxisTerm[]>>;
  /** Axes that runners declare. */
  readonly parameters: Readonly<Record<string, readonly AxisValue[]>>;
}

export interface Canaries {
  /** Of each one cell, whatever the constraints of the file say. */
  readonly matrices: readonly Matrix[];
  /** Estimated time of other work between two of their launches. */
  readonly everyMinutes: number;
}

/** `when` keeps cells for which the expression holds, `exclude` those for which it does not. */
export interface Constraint {
  readonly kind: "when" | "exclude";
  readonly expression: Expression;
  readonly text: string;
  readonly reason: string | null;
}

export const baselineNames = ["out-of-the-box", "optimized"] as const;
export type BaselineName = (typeof baselineNames)[number];

export interface HostSelection {
  readonly where: { readonly expression: Expression; readonly text: string } | null;
  readonly distribute: "replicate" | "partition";
  /** With `partition`: hosts of a class that measure each cell. */
  readonly replicas: number;
}
