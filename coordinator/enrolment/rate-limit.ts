/** So many at once, and so many more a minute. */
export interface RateLimits {
  readonly burst: number;
  readonly perMinute: number;
  /** Keys that are remembered; beyond it the oldest are forgotten. */
  readonly maxKeys: number;
}

interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

/** A token bucket a key, such as an address. */
export class RateLimit {
  readonly #limits: RateLimits;
  readonly #nowMs: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(limits: RateLimits, nowMs: () => number) {
    this.#limits = limits;
    this.#nowMs = nowMs;
  }

  /** Whether one more is within the limits; it counts only if it is. */
  take(key: string): boolean {
    const { burst, perMinute, maxKeys } = this.#limits;
    const atMs = this.#nowMs();
    const before = this.#buckets.get(key) ?? { tokens: burst, atMs };
    const grown = before.tokens + (Math.max(0, atMs - before.atMs) / 60_000) * perMinute;
    const tokens = Math.min(burst, grown);
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, atMs });
    if (this.#buckets.size > maxKeys) {
      const [oldest] = this.#buckets.keys();
      if (oldest !== undefined) this.#buckets.delete(oldest);
    }
    return tokens >= 1;
  }
}
