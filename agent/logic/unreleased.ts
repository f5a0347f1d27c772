/** How long what was published may stay in an idle agent's spool before it is published again. All in ms. */
export const unreleasedLimits = {
  /** More than the bus remembers which ids it has seen, and more than a coordinator waits before it releases. */
  firstMs: 5 * 60_000,
  capMs: 24 * 3_600_000,
} as const;

/**
 * Says when an idle agent is to publish again what nobody releases. An acknowledged result is lost without a
 * trace where the log loses its end before any coordinator has read it, and one that came before its
 * grant stood in a log that was made anew is an orphan there: nobody but the agent can know of either.
 * Each time it waits twice as long, for a spool that keeps the results of an open shard is no fault.
 */
export class UnreleasedWatch {
  #depth = 0;
  #sinceMs = 0;
  #waitMs: number = unreleasedLimits.firstMs;

  /** Asked now and then while the agent is idle; `depth` of its spool. */
  isDue(depth: number, nowMs: number): boolean {
    if (depth !== this.#depth) {
      this.#depth = depth;
      this.#sinceMs = nowMs;
      this.#waitMs = unreleasedLimits.firstMs;
      return false;
    }
    if (depth === 0 || nowMs - this.#sinceMs < this.#waitMs) return false;
    this.#sinceMs = nowMs;
    this.#waitMs = Math.min(2 * this.#waitMs, unreleasedLimits.capMs);
    return true;
  }
}
