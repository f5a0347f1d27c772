import { findAxis } from "../../shared/domain/axis.ts";
import type { AxisValue } from "../../shared/domain/cell.ts";
import { groupBy } from "../../shared/domain/group-by.ts";
import type { LaunchBounds } from "../../shared/stats/interval.ts";
import { toFigure } from "../analysis/cell-figures.ts";
import { isSettingAxis } from "../analysis/findings/split-cell.ts";
import type { Figure, ReportRow } from "../analysis/report.ts";
import { hostAxis, keyOf } from "./axis-roles.ts";
import { nameValue } from "./cell-names.ts";
import type { Value } from "./figure-spec.ts";

/** One value of an axis against its baseline, in every cell that has both. */
export interface Change {
  /** `jemalloc against glibc`. */
  readonly title: string;
  readonly axis: string;
  readonly differences: readonly Difference[];
}

export interface Difference {
  /** The changed cell. */
  readonly row: ReportRow;
  /** Latency of the baseline over that of the changed cell: above 1 the change is faster. */
  readonly ratio: Value;
}

/** Axes of the placement that compare settings rather than places. */
const comparedPlacements = ["smt", "memory_policy"];

export function isCompared(name: string): boolean {
  return isSettingAxis(name) || name === "mode" || comparedPlacements.includes(name);
}

/** One change for each value of the axis but the baseline; `bounds` are those of the method, see `logInterval`. */
export function compareAxis(
  rows: readonly ReportRow[],
  axis: string,
  bounds: LaunchBounds,
): Change[] {
  const values = [...new Set(rows.map(({ cell }) => cell[axis]))];
  const base = chooseBase(axis, values);
  const others = [...new Set(rows.flatMap(({ cell }) => Object.keys(cell)))].filter(
    (name) => name !== axis,
  );
  const groups = groupBy(rows, (row) => keyOf(row, [hostAxis, ...others]));
  return values
    .filter((value) => value !== base)
    .flatMap((value) => {
      const differences = [...groups.values()].flatMap((some): Difference[] => {
        const from = some.find(({ cell }) => cell[axis] === base);
        const to = some.find(({ cell }) => cell[axis] === value);
        if (from === undefined || to === undefined) return [];
        const ratio = compareRows(from, to, bounds);
        return ratio === null ? [] : [{ row: to, ratio }];
      });
      const title = `${nameValue(axis, value)} against ${nameValue(axis, base)}`;
      return differences.length === 0 ? [] : [{ title, axis, differences }];
    });
}

/** The default where it was measured, else what stands first in the plan. */
function chooseBase(
  axis: string,
  values: readonly (AxisValue | undefined)[],
): AxisValue | undefined {
  const fallback = findAxis(axis)?.fallback;
  const isDefault = (value: AxisValue | undefined) => value === undefined || value === fallback;
  return values.find(isDefault) ?? values[0];
}

/**
 * The ratio of latencies launch by launch, for launches of the same number ran one after the other and share
 * the drift of their moment; where fewer than two have a partner, that of the rows' own figures.
 */
function compareRows(from: ReportRow, to: ReportRow, bounds: LaunchBounds): Value | null {
  const others = new Map(to.launchNs);
  const ratios = from.launchNs.flatMap(([launch, medianNs]) => {
    const other = others.get(launch);
    return other === undefined ? [] : [medianNs / other];
  });
  return ratios.length < 2 ? divideFigures(from.medianNs, to.medianNs) : toFigure(ratios, bounds);
}

/** a/b; the logarithms' half-widths add in squares. Null where either is not a positive number. */
function divideFigures(a: Figure, b: Figure): Value | null {
  const value = a.value / b.value;
  if (!Number.isFinite(value) || value <= 0) return null;
  if (a.halfWidth === null || b.halfWidth === null) return { value, low: null, high: null };
  const width = Math.hypot(a.halfWidth, b.halfWidth);
  return { value, low: value * Math.exp(-width), high: value * Math.exp(width) };
}

export function excludesOne({ low, high }: Value): boolean {
  return low !== null && high !== null && (low > 1 || high < 1);
}
