import type { Cell } from "../../../shared/domain/cell.ts";
import type { RunnerDeclaration } from "../../../shared/domain/runner-declaration.ts";

/** An axis that changes nothing in some cells: it is left out there, so that equal work is one cell. */
export interface CollapseRule {
  readonly name: string;
  /** For the reference page. */
  readonly summary: string;
  /** Axes of the cell that change nothing in it. */
  readonly ignored: (cell: Cell, declaration: RunnerDeclaration) => readonly string[];
  /** Why, for one of those axes. */
  readonly reason: (axis: string, cell: Cell) => string;
}

/** A combination that cannot be measured. */
export interface RunnerRule {
  readonly name: string;
  readonly summary: string;
  /** Why the cell is not measured and which axis or parameter is to blame, or null. */
  readonly refuse: (cell: Cell, declaration: RunnerDeclaration) => AxisRefusal | null;
}

export interface AxisRefusal {
  readonly axis: string;
  readonly reason: string;
}
