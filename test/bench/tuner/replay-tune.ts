import type { Strategy } from "../../../coordinator/tuner/strategy.ts";
import { makeStudy, type Study, withObservation } from "../../../coordinator/tuner/study.ts";
import type { Cell } from "../../../shared/domain/cell.ts";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import type { ReplayTable } from "./replay-table.ts";
import { tableSpace, untunedConfiguration } from "./table-space.ts";

export interface ReplayResult {
  /** Positions of the visited rows, in order. */
  readonly trials: readonly number[];
  /** The recommended row's settings. */
  readonly recommendation: Cell;
}

export interface ReplayOptions {
  readonly seed: number;
  readonly trials: number;
  readonly strategy: Strategy;
}

/**
 * Tunes a measured table as if it were a host: a visit of a row reads its next observation. Rows that
 * behave alike are one configuration, visited in turn. An observation is new information only once, so
 * no configuration is visited more often than it has observations; a tune of a small table may therefore
 * end early.
 */
export function replayTune(table: ReplayTable, options: ReplayOptions): ReplayResult {
  const cells = table.rows.map(toCell);
  const space = tableSpace(cells, table.cores_per_package ?? guessedPackage(table));
  const visitLimits = space.configurations.map(({ cells: members }) =>
    members.reduce((sum, row) => sum + (table.rows[row]?.observed_ms.length ?? 0), 0),
  );
  let study = makeStudy(space, {
    seed: options.seed,
    start: untunedConfiguration(space),
    visitLimits,
  });
  const trials: number[] = [];
  const visitsOf = table.rows.map(() => 0);
  while (trials.length < options.trials) {
    const configuration = options.strategy.suggest(study);
    if (configuration === null) break;
    const row = leastVisited(study, configuration, (member) => remaining(table, visitsOf, member));
    const observed = table.rows[row]?.observed_ms ?? [];
    const value = observed[Math.min(visitsOf[row] ?? 0, observed.length - 1)] ?? null;
    visitsOf[row] = (visitsOf[row] ?? 0) + 1;
    trials.push(row);
    study = withObservation(study, { configuration, value });
  }
  const recommended = options.strategy.recommend(study);
  if (recommended === null) throw new FleetsweepError("config.invalid", "no trial was possible");
  const row = space.configurations[recommended]?.cells[0] ?? 0;
  return { trials, recommendation: cells[row] ?? {} };
}

/** Two packages are by far the most common; the model gives a border that shows nothing no weight. */
function guessedPackage({ rows }: ReplayTable): number | null {
  const largest = Math.max(...rows.map(({ cores }) => cores));
  return largest % 2 === 0 ? largest / 2 : null;
}

function toCell(row: ReplayTable["rows"][number]): Cell {
  const { cores, allocator, openmp, thp, kmp_blocktime } = row;
  const settings = { cores, allocator, openmp, thp };
  return kmp_blocktime === undefined || kmp_blocktime === null
    ? settings
    : { ...settings, kmp_blocktime };
}

/** Observations of a row that no visit has read. */
function remaining(table: ReplayTable, visitsOf: readonly number[], row: number): number {
  return (table.rows[row]?.observed_ms.length ?? 0) - (visitsOf[row] ?? 0);
}

/** The row of the configuration with the most unread observations; the first of equals. */
function leastVisited(
  { space }: Study,
  configuration: number,
  unread: (row: number) => number,
): number {
  const members = space.configurations[configuration]?.cells ?? [];
  return members.reduce((best, row) => (unread(row) > unread(best) ? row : best), members[0] ?? 0);
}
