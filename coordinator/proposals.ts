import type { Log } from "../shared/bus/log.ts";
import type { LogEvent } from "../shared/domain/log-event.ts";
import type { Logger } from "../shared/runtime/logger.ts";

/** Not acknowledged yet: no read-back can have caught up with it. */
const inFlight = Number.POSITIVE_INFINITY;

/**
 * Events that this coordinator has appended and not yet read back, so that it proposes nothing
 * twice. Sending one twice would be harmless, for the fold ignores the second; it would be noise.
 */
export class Proposals {
  readonly #log: Log;
  readonly #logger: Logger;
  readonly #randomId: () => string;
  /** Key → the sequence number at which the proposal stands. */
  readonly #unread = new Map<string, number>();

  constructor(deps: { log: Log; logger: Logger; randomId: () => string }) {
    this.#log = deps.log;
    this.#logger = deps.logger;
    this.#randomId = deps.randomId;
  }

  /** Appends in the background. What the log does not take may be proposed again at the next tick. */
  propose(event: LogEvent, key: string): void {
    if (this.#unread.has(key)) return;
    this.#unread.set(key, inFlight);
    this.#log.append(event, { messageId: this.#randomId() }).then(
      (seq) => this.#unread.set(key, seq),
      (error: unknown) => {
        this.#logger.warn({ err: error, key }, "the log did not take a proposal; trying again");
        this.#unread.delete(key);
      },
    );
  }

  /** Whether an event under this key is on its way and not yet read back. */
  isPending(key: string): boolean {
    return this.#unread.has(key);
  }

  /** Everything up to `seq` has been folded: those proposals have had their effect, or none. */
  readBack(seq: number): void {
    for (const [key, at] of this.#unread) if (at <= seq) this.#unread.delete(key);
  }
}
