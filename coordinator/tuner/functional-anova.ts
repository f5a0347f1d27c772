import type { Space } from "./space.ts";

/** How much of the variance over the whole space a knob explains; shares of 1. */
export interface VarianceShare {
  readonly knob: string;
  /** By itself. */
  readonly main: number;
  /** With all of its interactions; totals of several knobs overlap, so they may add up to more than 1. */
  readonly total: number;
}

/**
 * Functional ANOVA of `values` (one a configuration) over the space's cells, each with equal weight:
 * V_main = Var E[f | knob], V_total = E Var[f | all other knobs] (Sobol'). Exact where the cells are a
 * full product; where constraints left cells out, it describes the cells that are there. All 0 for a
 * constant function.
 */
export function functionalAnova(space: Space, values: Float64Array): VarianceShare[] {
  const cells = space.configurationOfCell.map((configuration) => values[configuration] ?? 0);
  const all = moments(cells);
  return space.knobs.map(({ name }) => {
    if (all.variance === 0) return { knob: name, main: 0, total: 0 };
    const byLevel = groupBy(space, cells, (knob) => knob === name);
    const byOthers = groupBy(space, cells, (knob) => knob !== name);
    const main = sum(byLevel.map(({ count, mean }) => count * (mean - all.mean) ** 2));
    const within = sum(byOthers.map(({ count, variance }) => count * variance));
    const scale = cells.length * all.variance;
    return { knob: name, main: main / scale, total: within / scale };
  });
}

interface Moments {
  readonly count: number;
  readonly mean: number;
  readonly variance: number;
}

/** Moments of the cells' values in groups that agree in the chosen knobs. */
function groupBy(
  space: Space,
  cells: readonly number[],
  isChosen: (knob: string) => boolean,
): Moments[] {
  const names = space.knobs.map(({ name }) => name).filter(isChosen);
  const groups = new Map<string, number[]>();
  cells.forEach((value, position) => {
    const key = JSON.stringify(names.map((name) => space.cells[position]?.[name] ?? null));
    const group = groups.get(key) ?? [];
    group.push(value);
    groups.set(key, group);
  });
  return [...groups.values()].map(moments);
}

function moments(values: readonly number[]): Moments {
  const mean = sum(values) / values.length;
  const variance = sum(values.map((value) => (value - mean) ** 2)) / values.length;
  return { count: values.length, mean, variance };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
