import type { Log } from "../shared/bus/log.ts";
import type { LogEvent } from "../shared/domain/log-event.ts";
import type { Logger } from "../shared/runtime/logger.ts";

/** Not acknowledged yet: no read-back can have caught up with it. */
const inFlight = Number.POSITIVE_INFINITY;
/** A log that lost its end never gives back what was acknowledged there: after so long it is proposed again. */
const readBackWithinMs = 30_000;

interface Unread {
  /** Where the proposal stands in the log. */
  readonly seq: number;
  readonly sinceMs: number;
}

export interface ProposalsDeps {
  readonly log: Pick<Log, "append">;
  readonly logger: Logger;
  readonly randomId: () => string;
  /** Wall clock. */
  readonly nowMs: () => number;
}

/**
 * Events that this coordinator has appended and not yet read back, so that it proposes nothing
 * twice. Sending one twice would be harmless, for the fold ignores the second; it would be noise.
 */
export class Proposals {
  readonly #log: ProposalsDeps["log"];
  readonly #logger: Logger;
  readonly #randomId: () => string;
  readonly #nowMs: () => number;
  readonly #unread = new Map<string, Unread>();

  constructor(deps: ProposalsDeps) {
    this.#nowMs = deps.nowMs;
    this.#log = deps.log;
    this.#logger = deps.logger;
    this.#randomId = deps.randomId;
  }

  /** Appends in the background. What the log does not take may be proposed again at the next tick. */
  propose(event: LogEvent, key: string): void {
    if (this.isPending(key)) return;
    this.#unread.set(key, { seq: inFlight, sinceMs: this.#nowMs() });
    this.#log.append(event, { messageId: this.#randomId() }).then(
      (seq) => this.#unread.set(key, { seq, sinceMs: this.#nowMs() }),
      (error: unknown) => {
        this.#logger.warn({ err: error, key }, "the log did not take a proposal; trying again");
        this.#unread.delete(key);
      },
    );
  }

  /** Whether an event under this key is on its way and not yet read back. */
  isPending(key: string): boolean {
    const unread = this.#unread.get(key);
    if (unread === undefined) return false;
    return unread.seq === inFlight || this.#nowMs() - unread.sinceMs < readBackWithinMs;
  }

  /** Everything up to `seq` has been folded: those proposals have had their effect, or none. */
  readBack(seq: number): void {
    for (const [key, unread] of this.#unread) if (unread.seq <= seq) this.#unread.delete(key);
  }
}
