export interface Backoff {
  readonly baseMs: number;
  readonly capMs: number;
}

/**
 * How long to wait before try number `attempt` (from 0), in ms: full jitter over a capped exponential
 * window, `random` uniform in [0, 1). Full jitter spreads a fleet that lost one server at one moment
 * evenly; equal waits would bring it back as one wave.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffMs(attempt: number, backoff: Backoff, random: number): number {
  // 2^30 is beyond every cap, and larger exponents would end in Infinity.
  const windowMs = Math.min(backoff.capMs, backoff.baseMs * 2 ** Math.min(attempt, 30));
  return Math.floor(random * windowMs);
}
