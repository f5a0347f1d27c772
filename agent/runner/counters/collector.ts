import type { CpuSet } from "../../../shared/domain/cpuset.ts";
import type { HostFiles, WatchedFiles } from "../launch-files.ts";

/** What a launch's counters are read of. */
export interface CounterScope {
  /** Of the instances. */
  readonly pids: readonly number[];
  /** Every PU that an instance is bound to. */
  readonly pus: CpuSet;
}

/** Values by name; null where the host does not say. */
export type Readings = Readonly<Record<string, number | null>>;

/** One source of totals, read before and after: a new one is a new file and one line in the registry. */
export interface Collector {
  readonly name: string;
  read(files: HostFiles, scope: CounterScope): Promise<Readings>;
  /**
   * For totals whose difference is more than `after` − `before`. Readings that only it understands have
   * names that begin with the collector's and a colon, and go no further.
   */
  between?(before: Readings, after: Readings): Readings;
}

/**
 * One source of values that mean something at one moment of the window only. What it reads is found and opened
 * before, for the reading itself is at the cost of what is measured.
 */
export interface Level {
  readonly name: string;
  hold(files: WatchedFiles, scope: CounterScope): Promise<HeldLevel>;
}

export interface HeldLevel {
  /** False where the host does not show it: then a reading gives null and is no use. */
  readonly isThere: boolean;
  read(): Readings;
  close(): void;
}

/** Sums of columns; a column in which anything is absent is null: part of a sum is no sum. */
export function sumReadings(names: readonly string[], rows: readonly Readings[]): Readings {
  const sum = (name: string): number | null => {
    let total = 0;
    for (const row of rows) {
      const value = row[name];
      if (value === undefined || value === null) return null;
      total += value;
    }
    return rows.length === 0 ? null : total;
  };
  return Object.fromEntries(names.map((name) => [name, sum(name)]));
}

/**
 * `after` − `before`, name by name. Counters only rise, so a fall means that one wrapped or that its
 * thread is gone: unknown, rather than a wrong number.
 */
export function subtractReadings(after: Readings, before: Readings): Readings {
  const entries = Object.entries(after).map(([name, value]) => {
    const earlier = before[name];
    const known = value !== null && earlier !== undefined && earlier !== null;
    return [name, known && value >= earlier ? value - earlier : null] as const;
  });
  return Object.fromEntries(entries);
}

export function toNumber(text: string | null | undefined): number | null {
  if (text === null || text === undefined || text.trim() === "") return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}
