import { quantileOfSorted, toSorted } from "../../shared/stats/quantile.ts";

/** What pictures need below the level of a cell: bounded, however large the sweep is. */
export interface Traces {
  /** In the order of time: at most {@link limits}.launches, evenly spread, first and last included. */
  readonly launches: readonly LaunchTrace[];
  readonly launchesMeasured: number;
  /** Calls of the cells that were chosen. */
  readonly cells: readonly CallTrace[];
  readonly cellsMeasured: number;
}

/** One measured launch of a cell. */
export interface LaunchTrace {
  readonly hostId: string;
  readonly cellId: string;
  readonly launch: number;
  /** By the host's own wall clock. */
  readonly endedAtMs: number;
  readonly medianNs: number;
  readonly status: "valid" | "flagged" | "invalid";
  /** Calls before the timed ones, over all instances. */
  readonly warmupCalls: number;
}

/** The timed calls of one cell's counted launches. */
export interface CallTrace {
  readonly hostId: string;
  readonly cellId: string;
  readonly launches: number;
  readonly calls: number;
  readonly warmupCalls: number;
  /** At {@link probabilities}, over the calls of all launches and instances. */
  readonly quantilesNs: readonly number[];
  /** The last calls of the same process before the timed ones; empty where its runner does not tell them. */
  readonly warmupCourse: readonly CourseBin[];
  /** The first launch's first instance in order of time; empty where only a histogram was kept. */
  readonly course: readonly CourseBin[];
}

/** Successive calls of one process, summed up. */
export interface CourseBin {
  /** Number of the bin's first call: from 1, those before the timed ones up to −1. */
  readonly firstCall: number;
  readonly calls: number;
  readonly lowNs: number;
  readonly medianNs: number;
  readonly highNs: number;
}

/** What a report carries for pictures; a page stays small however many calls were timed. */
export const limits = { launches: 2_000, cells: 32, courseBins: 40 } as const;

/** Where a sketch of a distribution has its points. */
export const probabilities = [0, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1] as const;

/** The times of a cell at {@link probabilities}; null where there are none. */
export function sketchCalls(durationsNs: readonly (readonly number[])[]): readonly number[] | null {
  const sorted = toSorted(durationsNs.flat());
  return sorted.length === 0 ? null : probabilities.map((p) => quantileOfSorted(sorted, p));
}

/** As {@link sketchCourse}, of the last calls before the timed ones. */
export function sketchWarmup(durationsNs: readonly number[]): readonly CourseBin[] {
  return sketchCourse(durationsNs).map((bin) => ({
    ...bin,
    firstCall: bin.firstCall - 1 - durationsNs.length,
  }));
}

/** Cuts a process's calls, in order of time, into at most {@link limits}.courseBins bins of equal size. */
export function sketchCourse(durationsNs: readonly number[]): readonly CourseBin[] {
  const size = Math.max(1, Math.ceil(durationsNs.length / limits.courseBins));
  const bins: CourseBin[] = [];
  for (let start = 0; start < durationsNs.length; start += size) {
    const sorted = toSorted(durationsNs.slice(start, start + size));
    bins.push({
      firstCall: start + 1,
      calls: sorted.length,
      lowNs: quantileOfSorted(sorted, 0.1),
      medianNs: quantileOfSorted(sorted, 0.5),
      highNs: quantileOfSorted(sorted, 0.9),
    });
  }
  return bins;
}

/**
 * The cells whose calls are drawn: those with a doubtful launch first, for they need a look, then others
 * spread evenly over the plan.
 */
export function chooseTracedCells(
  launches: readonly Pick<LaunchTrace, "hostId" | "cellId" | "status">[],
): readonly string[] {
  const doubtful = new Map<string, boolean>();
  for (const launch of launches) {
    const key = traceKey(launch);
    doubtful.set(key, doubtful.get(key) === true || launch.status !== "valid");
  }
  const keys = [...doubtful.keys()];
  if (keys.length <= limits.cells) return keys;
  const odd = keys.filter((key) => doubtful.get(key) === true);
  const even = keys.filter((key) => doubtful.get(key) === false);
  const chosen = new Set(pickEvenly(odd, Math.max(limits.cells / 2, limits.cells - even.length)));
  for (const key of pickEvenly(even, limits.cells - chosen.size)) chosen.add(key);
  return keys.filter((key) => chosen.has(key));
}

/** A cell on a host, as text. */
export function traceKey({ hostId, cellId }: { hostId: string; cellId: string }): string {
  return `${hostId}\n${cellId}`;
}

/** `count` members at equal distances, the first and the last among them; all where there are no more. */
export function pickEvenly<Member>(members: readonly Member[], count: number): readonly Member[] {
  if (members.length <= count) return members;
  if (count <= 1) return members.slice(0, Math.max(count, 0));
  const step = (members.length - 1) / (count - 1);
  return Array.from({ length: count }, (_, index) => members[Math.round(index * step)]).filter(
    (member): member is Member => member !== undefined,
  );
}
