import { type ChangeRules, type Segment, segment } from "../../../shared/stats/change-points.ts";
import { type LogEstimate, meanOf } from "../../../shared/stats/log-estimate.ts";

/** The logarithm of a launch's time, or of its ratio to what is usual for its cell, when it ended. */
export interface Moment {
  readonly atMs: number;
  readonly log: number;
}

/** Of 200 fleets of steady hosts none is to be called changed. */
export const levelRules = { level: 0.0001, minShift: 0.02 } as const;

/** Where the level of the moments changes, by {@link levelRules}. */
export function levelsOf(
  moments: readonly Moment[],
  { minLength }: Pick<ChangeRules, "minLength">,
): readonly Segment[] {
  return segment(
    moments.map(({ log }) => log),
    { ...levelRules, minLength },
  );
}

/** Moments in succession at another level than the usual one. */
export interface Stretch<Found extends Moment> {
  readonly inside: readonly Found[];
  readonly fromMs: number;
  readonly toMs: number;
  /** Over the usual level. */
  readonly log: LogEstimate;
  /** Nothing usual was before it, or nothing after it. */
  readonly atEnd: boolean;
}

/** What was not as usual: most of the time is how a host is, and what differs from it is what happened to it. */
export function unusualStretches<Found extends Moment>(
  moments: readonly Found[],
  segments: readonly Segment[],
): readonly Stretch<Found>[] {
  const usual = segments.reduce((a, b) => (b.end - b.start > a.end - a.start ? b : a)).mean;
  return segments.flatMap(({ start, end }, index): Stretch<Found>[] => {
    const inside = moments.slice(start, end);
    const log = meanOf(inside.map((moment) => moment.log - usual));
    const [first, last] = [inside[0], inside.at(-1)];
    if (first === undefined || last === undefined || log === null) return [];
    if (Math.abs(log.mean) < levelRules.minShift) return [];
    const atEnd = index === 0 || index === segments.length - 1;
    return [{ inside, fromMs: first.atMs, toMs: last.atMs, log, atEnd }];
  });
}
