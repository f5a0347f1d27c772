import type { AxisValue, Cell } from "../../../shared/domain/cell.ts";
import { groupBy } from "../../../shared/domain/group-by.ts";
import { bounds, difference, type LogEstimate } from "../../../shared/stats/log-estimate.ts";
import type { Interaction, Scope } from "../findings.ts";
import type { Metric } from "../metric.ts";
import { showAxisValue } from "../report.ts";
import { measureOf, toMetric } from "./metric.ts";
import { ratioOf, type ScopedCell, scopeCells } from "./scoped-cells.ts";
import type { PlacedCell } from "./select-cells.ts";
import { isPlacementAxis, isSettingAxis, onlyAxes } from "./split-cell.ts";

/**
 * Interactions that the data show. For every axis of the settings and every pair of its values: what the change does to latency at each
 * value of another axis, all else equal. An effect that depends on another axis is no effect to recommend.
 */
export function findInteractions(
  cells: readonly PlacedCell[],
  scope: Scope,
  margin: number,
): readonly Interaction[] {
  const byWorkload = groupBy(cells, ({ workload }) => workload);
  return [...byWorkload.values()].flatMap((members) => {
    const scoped = scopeCells(members, scope);
    const workload = members[0]?.workload ?? {};
    const names = settingAxes(scoped);
    return names.flatMap((axis) =>
      ["placement", ...names.filter((other) => other !== axis)].flatMap((across) =>
        interactionsOf(scoped, { axis, across, margin }).map((found) => ({
          scope,
          workload,
          ...found,
        })),
      ),
    );
  });
}

/** Axes of the settings that vary. */
function settingAxes(cells: readonly ScopedCell[]): readonly string[] {
  const names = new Set(cells.flatMap(({ cell }) => Object.keys(cell).filter(isSettingAxis)));
  return [...names].filter((name) => new Set(cells.map(({ cell }) => cell[name])).size > 1);
}

/** Where there are intervals, an effect that is the same everywhere within them is no interaction. */
function isTelling(
  { strength, opposite }: Pick<Interaction, "strength" | "opposite">,
  margin: number,
): boolean {
  if (opposite || strength.value === null || strength.low === null) return true;
  return strength.low > 1 + margin;
}

interface Axes {
  readonly axis: string;
  readonly across: string;
  readonly margin: number;
}

function interactionsOf(
  cells: readonly ScopedCell[],
  axes: Axes,
): Omit<Interaction, "scope" | "workload">[] {
  const { axis, across, margin } = axes;
  const isAcrossAxis = (name: string): boolean =>
    across === "placement" ? isPlacementAxis(name) : name === across;
  const isFixed = (name: string): boolean =>
    name !== axis && !isAcrossAxis(name) && (isSettingAxis(name) || isPlacementAxis(name));
  return [...groupBy(cells, keyBy(cells, isFixed)).values()].flatMap((members) => {
    const [first] = members;
    if (first === undefined) return [];
    const places = findPlaces(members, axis, isAcrossAxis);
    if (places.length < 2) return [];
    return valuePairs(members, axis).flatMap(([from, to]) => {
      const effects = findEffects(places, from, to);
      if (effects.length < 2 || !mayTell(effects, margin)) return [];
      const fixed = onlyAxes(first.cell, isFixed);
      const found = describe(axes, { from, to, fixed }, effects);
      return isTelling(found, margin) ? [found] : [];
    });
  });
}

/** A text that cells share if and only if they have the same values of the axes that pass. */
function keyBy(
  cells: readonly ScopedCell[],
  passes: (name: string) => boolean,
): (cell: ScopedCell) => string {
  const names = [...new Set(cells.flatMap(({ cell }) => Object.keys(cell)))].filter(passes);
  return ({ cell }) => {
    let key = "";
    for (const name of names) key += `${typeof cell[name]} ${cell[name]}\n`;
    return key;
  };
}

/** Values of an axis whose pairs are all compared. */
const mostPaired = 4;

function valuePairs(
  cells: readonly ScopedCell[],
  axis: string,
): readonly (readonly [AxisValue, AxisValue])[] {
  const values = [...new Set(cells.flatMap(({ cell }) => cell[axis] ?? []))];
  // Of a long axis every value is compared with the first: all pairs would be the square of it.
  const [first, ...others] = values;
  if (first !== undefined && values.length > mostPaired) return others.map((to) => [first, to]);
  return values.flatMap((from, index) => values.slice(index + 1).map((to) => [from, to] as const));
}

/** One value of the other axis, with the cells by their value of the axis in question. */
interface Place {
  readonly at: string;
  readonly byValue: ReadonlyMap<AxisValue | undefined, ScopedCell>;
}

function findPlaces(
  cells: readonly ScopedCell[],
  axis: string,
  isAcrossAxis: (name: string) => boolean,
): readonly Place[] {
  const groups = groupBy(cells, keyBy(cells, isAcrossAxis));
  const names = new Set(cells.flatMap(({ cell }) => Object.keys(cell).filter(isAcrossAxis)));
  // The placement says most, and what all places have in common says nothing.
  const telling = [...names]
    .filter((name) => name === "placement" || new Set(cells.map(({ cell }) => cell[name])).size > 1)
    .sort((a, b) => Number(b === "placement") - Number(a === "placement"));
  return [...groups.values()].map((members) => {
    const { cell = {} } = members[0] ?? {};
    const at = telling
      .flatMap((name) => (cell[name] === undefined ? [] : showAt(name, cell[name])))
      .join(" ");
    return { at, byValue: new Map(members.map((member) => [member.cell[axis], member])) };
  });
}

interface Effect {
  readonly at: string;
  readonly estimate: LogEstimate;
}

/** ln(T(from)/T(to)) at each value of the other axis where both were measured. */
function findEffects(places: readonly Place[], from: AxisValue, to: AxisValue): readonly Effect[] {
  return places.flatMap(({ at, byValue }): Effect[] => {
    const [a, b] = [byValue.get(from), byValue.get(to)];
    const estimate = a === undefined || b === undefined ? null : ratioOf(a, b, "latency");
    return estimate === null ? [] : [{ at, estimate }];
  });
}

/** A normal quantile, below every one of Student's: what fails with it fails with the real one. */
const leastQuantile = 1.96;

/** A quick look that spares most pairs their intervals: whether the extremes could differ at all. */
function mayTell(effects: readonly Effect[], margin: number): boolean {
  const [first] = effects;
  if (first === undefined) return false;
  const pick = (isBetter: (mean: number, best: number) => boolean): LogEstimate =>
    effects.reduce(
      (best, { estimate }) => (isBetter(estimate.mean, best.mean) ? estimate : best),
      first.estimate,
    );
  const low = pick((mean, best) => mean < best);
  const high = pick((mean, best) => mean > best);
  if (low.se === null || high.se === null) return true;
  const reach = leastQuantile * Math.hypot(low.se, high.se);
  return high.mean - low.mean - reach > Math.log1p(margin);
}

function showAt(name: string, value: AxisValue): string {
  const shown = showAxisValue(value);
  return name === "placement" ? shown : `${name} ${shown}`;
}

function describe(
  { axis, across, margin }: Axes,
  { from, to, fixed }: { from: AxisValue; to: AxisValue; fixed: Cell },
  effects: readonly Effect[],
): Omit<Interaction, "scope" | "workload"> {
  const sorted = [...effects].sort((a, b) => a.estimate.mean - b.estimate.mean);
  const [low, high] = [sorted[0]?.estimate, sorted.at(-1)?.estimate];
  const strength = low === undefined || high === undefined ? null : difference(high, low);
  const pairs = (effects.length * (effects.length - 1)) / 2;
  return {
    axis,
    from: showAxisValue(from),
    to: showAxisValue(to),
    across,
    fixed,
    effects: effects.map(({ at, estimate }) => ({
      at,
      speedUp: toMetric({ estimate, show: Math.exp }, "ratio"),
    })),
    strength: strengthMetric(strength, pairs),
    opposite: isBeyond(low, -1, margin) && isBeyond(high, 1, margin),
  };
}

/** The extremes of many effects differ by chance: the interval is that of all pairs together (Bonferroni). */
function strengthMetric(strength: LogEstimate | null, pairs: number): Metric {
  const plain = toMetric(measureOf(strength, Math.exp, "no common launches"), "ratio");
  if (strength === null || plain.value === null) return plain;
  const reach = bounds(strength, 1 - 0.05 / pairs);
  return {
    ...plain,
    low: reach === null ? null : Math.exp(reach.low),
    high: reach === null ? null : Math.exp(reach.high),
  };
}

/** Beyond the margin in this direction with the whole interval, or with the value where there is none. */
function isBeyond(estimate: LogEstimate | undefined, direction: 1 | -1, margin: number): boolean {
  if (estimate === undefined) return false;
  const reach = bounds(estimate) ?? { low: estimate.mean, high: estimate.mean };
  const near = direction === 1 ? reach.low : -reach.high;
  return near > Math.log1p(margin);
}
