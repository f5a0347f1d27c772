/** A kind of trouble is said at its first time, and then no more often than this. */
export const troubleQuietMs = 60_000;

/** Kinds that are told apart at one time; beyond, the one that was said longest ago is forgotten. */
const maxKinds = 64;

interface Tally {
  saidMs: number;
  /** How often it came since then. */
  untold: number;
}

/** Keeps what comes again and again from filling the log: who reads it sees each kind once, and how often. */
export class TroubleTally {
  readonly #nowMs: () => number;
  /** The one that was said longest ago first. */
  readonly #kinds = new Map<string, Tally>();

  /** `nowMs`: any clock. */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Calls `say` with how often this kind came since it was said last, this time included; or only counts it. */
  note(kind: string, say: (times: number) => void): void {
    const nowMs = this.#nowMs();
    const known = this.#kinds.get(kind);
    if (known !== undefined && Math.abs(nowMs - known.saidMs) < troubleQuietMs) {
      known.untold += 1;
      return;
    }
    this.#kinds.delete(kind);
    this.#kinds.set(kind, { saidMs: nowMs, untold: 0 });
    const [oldest = kind] = this.#kinds.keys();
    if (this.#kinds.size > maxKinds) this.#kinds.delete(oldest);
    say((known?.untold ?? 0) + 1);
  }
}

/** What failures have in common that differ in their words alone, such as in the subject that was refused. */
export function kindOfFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as { readonly code?: unknown };
  const own = typeof code === "string" ? code : error.name;
  return error.cause === undefined ? own : `${own}, ${kindOfFailure(error.cause)}`;
}
