import type { AxisValue, Cell } from "../../shared/domain/cell.ts";

/** One thing that a tune may set. */
export type Knob = CoresKnob | ChoiceKnob | OrderedKnob;

/** Cores given to the workload, filled package by package. At most one knob of a space is of this kind. */
export interface CoresKnob {
  readonly kind: "cores";
  readonly name: string;
  /** Beyond this count the workload crosses into the next package; null where nobody knows. */
  readonly coresPerPackage: number | null;
}

/** Values without an order. */
export interface ChoiceKnob {
  readonly kind: "choice";
  readonly name: string;
}

/** Numbers whose neighbours behave alike, such as instances. */
export interface OrderedKnob {
  readonly kind: "ordered";
  readonly name: string;
}

/** `knob` does nothing in cells whose `when` knob has this value: such cells are one configuration. */
export interface InertRule {
  readonly knob: string;
  readonly when: { readonly knob: string; readonly value: AxisValue };
}

/** Cells that behave alike by the rules, tuned as one. */
export interface Configuration {
  /** The active knobs only. */
  readonly values: Cell;
  /** Positions in the list of cells that the space was made from, ascending. */
  readonly cells: readonly number[];
}

/** What the tuner chooses from: every configuration, enumerated, once. */
export interface Space {
  readonly knobs: readonly Knob[];
  /** The list of cells that the space was made from. */
  readonly cells: readonly Cell[];
  readonly configurations: readonly Configuration[];
  /** The configuration of each cell, by the cell's position. */
  readonly configurationOfCell: readonly number[];
}

/**
 * Collapses the cells into distinct configurations, in order of first appearance. A space need not be
 * a full product: constraints are applied by leaving cells out.
 */
export function makeSpace(
  knobs: readonly Knob[],
  cells: readonly Cell[],
  inert: readonly InertRule[],
): Space {
  const configurations: { values: Cell; cells: number[] }[] = [];
  const byKey = new Map<string, number>();
  const configurationOfCell = cells.map((cell, position) => {
    const values = activeValues(cell, knobs, inert);
    const key = JSON.stringify(knobs.map((knob) => values[knob.name] ?? null));
    const known = byKey.get(key);
    if (known !== undefined) {
      configurations[known]?.cells.push(position);
      return known;
    }
    byKey.set(key, configurations.length);
    return configurations.push({ values, cells: [position] }) - 1;
  });
  return { knobs, cells, configurations, configurationOfCell };
}

/** The configuration that a setting of all knobs means; null where the space lacks it. */
export function findConfiguration(
  space: Space,
  cell: Cell,
  inert: readonly InertRule[],
): number | null {
  const wanted = activeValues(cell, space.knobs, inert);
  const found = space.configurations.findIndex(({ values }) =>
    space.knobs.every((knob) => values[knob.name] === wanted[knob.name]),
  );
  return found < 0 ? null : found;
}

function activeValues(cell: Cell, knobs: readonly Knob[], inert: readonly InertRule[]): Cell {
  const values: Record<string, AxisValue> = {};
  for (const { name } of knobs) {
    const value = cell[name];
    const isInert = inert.some(
      (rule) => rule.knob === name && cell[rule.when.knob] === rule.when.value,
    );
    if (value !== undefined && !isInert) values[name] = value;
  }
  return values;
}
