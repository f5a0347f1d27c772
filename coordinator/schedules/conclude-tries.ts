const limits = {
  /** A conclusion that could not be made or was refused so often will be refused for ever. */
  tries: 10,
  firstWaitMs: 2_000,
  longestWaitMs: 600_000,
  /** Fires that are remembered; beyond it the oldest are forgotten, and tried anew. */
  fires: 10_000,
} as const;

/**
 * When a coordinator tries again to conclude a fire: after waits that double, and not for ever. Another
 * coordinator, or this one after its next start, has tries of its own.
 */
export class ConcludeTries {
  readonly #nowMs: () => number;
  readonly #taken = new Map<string, { readonly tries: number; readonly nextMs: number }>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Whether a fire may be tried now, which counts as a try, and whether that is the last one. */
  take(sweepId: string): { readonly may: boolean; readonly isLast: boolean } {
    const nowMs = this.#nowMs();
    const { tries, nextMs } = this.#taken.get(sweepId) ?? { tries: 0, nextMs: nowMs };
    if (tries >= limits.tries || nowMs < nextMs) return { may: false, isLast: false };
    const waitMs = Math.min(limits.longestWaitMs, limits.firstWaitMs * 2 ** tries);
    this.#taken.delete(sweepId);
    this.#taken.set(sweepId, { tries: tries + 1, nextMs: nowMs + waitMs });
    if (this.#taken.size > limits.fires) {
      const [oldest] = this.#taken.keys();
      if (oldest !== undefined) this.#taken.delete(oldest);
    }
    return { may: true, isLast: tries + 1 === limits.tries };
  }
}
