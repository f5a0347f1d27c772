import { seededRank } from "../../shared/domain/seeded-order.ts";

export interface PoissonRules {
  readonly callsPerSecond: number;
  readonly minCalls: number;
  readonly maxCalls: number;
  readonly minSeconds: number;
  readonly maxSeconds: number;
  readonly seed: number;
  /** Tells the streams of one seed apart. */
  readonly stream: string;
}

/**
 * Moments of a Poisson process in ns after the start: as many as make `minCalls` and fill `minSeconds`,
 * at most `maxCalls` and none after `maxSeconds`, but at least one. The same for the same seed and
 * stream on every machine.
 */
export function poissonArrivals(rules: PoissonRules): readonly number[] {
  const { callsPerSecond, minCalls, maxCalls, minSeconds, maxSeconds } = rules;
  const moments: number[] = [];
  let seconds = 0;
  while (moments.length < maxCalls) {
    const share = (seededRank(rules.seed, `${rules.stream} ${moments.length}`) + 0.5) / 2 ** 32;
    seconds -= Math.log(share) / callsPerSecond;
    const isEnough = moments.length >= minCalls && seconds >= minSeconds;
    if (moments.length > 0 && (isEnough || seconds > maxSeconds)) break;
    moments.push(Math.round(seconds * 1e9));
  }
  return moments;
}
