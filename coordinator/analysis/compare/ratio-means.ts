import type { Cell } from "../../../shared/domain/cell.ts";
import { groupBy } from "../../../shared/domain/group-by.ts";
import { flatMapSteps, type Steps } from "../../../shared/domain/steps.ts";
import type { LogEstimate } from "../../../shared/stats/log-estimate.ts";
import type { AxisMean } from "../comparison.ts";
import { measureOf, toMetric } from "../findings/metric.ts";
import type { Metric } from "../metric.ts";
import { showAxisValue } from "../report.ts";

/** A pair of cells with its estimate, before the list as a whole is judged. */
export interface RatioOfCells {
  readonly hostId: string | null;
  readonly cell: Cell;
  readonly cellIds: readonly [string, string];
  readonly a: LogEstimate;
  readonly b: LogEstimate;
  /** ln(B/A), turned so that above 0 is worse. */
  readonly ratio: LogEstimate;
  readonly paired: boolean;
}

/** Geometric mean of the cells' ratios; the interval speaks of these cells, not of others like them. */
export function meanRatio(pairs: readonly RatioOfCells[]): Metric {
  return toMetric(
    measureOf(meanOf(pairs), Math.exp, "no cell was measured on both sides"),
    "ratio",
  );
}

function meanOf(pairs: readonly RatioOfCells[]): LogEstimate | null {
  const n = pairs.length;
  if (n === 0) return null;
  const mean = pairs.reduce((sum, { ratio }) => sum + ratio.mean, 0) / n;
  const errors = pairs.map(({ ratio }) => ratio.se);
  if (errors.some((se) => se === null)) return { mean, se: null, df: 0, n };
  const variances = errors.map((se) => (se ?? 0) ** 2);
  const total = variances.reduce((sum, variance) => sum + variance, 0);
  // Welch and Satterthwaite: the sum of variances that each have their own degrees of freedom.
  const weight = variances.reduce(
    (sum, variance, index) => sum + variance ** 2 / (pairs[index]?.ratio.df ?? 1),
    0,
  );
  const df =
    weight === 0 ? pairs.reduce((sum, { ratio }) => sum + ratio.df, 0) : total ** 2 / weight;
  return { mean, se: Math.sqrt(total) / n, df, n };
}

/** The mean over the cells with each value, for axes that vary among the compared cells; hosts too. A step an axis. */
export function* axisMeanSteps(pairs: readonly RatioOfCells[]): Steps<readonly AxisMean[]> {
  const names = new Set<string>();
  for (const { cell } of pairs) for (const name in cell) names.add(name);
  const readers = [
    ["host", ({ hostId }: RatioOfCells) => hostId ?? undefined] as const,
    ...[...names].map((name) => [name, ({ cell }: RatioOfCells) => cell[name]] as const),
  ];
  return yield* flatMapSteps(readers, 1, ([axis, read]) => {
    const known = pairs.filter((pair) => read(pair) !== undefined);
    const groups = groupBy(known, (pair) => showAxisValue(read(pair)));
    if (groups.size < 2) return [];
    return [...groups].map(
      ([value, same]): AxisMean => ({ axis, value, cells: same.length, ratio: meanRatio(same) }),
    );
  });
}
