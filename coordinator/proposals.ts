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
  /** By their place in the log, so that an entry costs the same however many are on their way. */
  readonly #keys = new Map<number, string>();
  #readSeq = 0;

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
      (seq) => this.#acknowledged(key, seq),
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
    const isNext = seq === this.#readSeq + 1;
    this.#readSeq = seq;
    if (isNext) this.#forget(seq);
    else for (const place of this.#keys.keys()) if (place <= seq) this.#forget(place);
  }

  /** The reader may have been quicker than the acknowledgement. */
  #acknowledged(key: string, seq: number): void {
    this.#unread.set(key, { seq, sinceMs: this.#nowMs() });
    this.#keys.set(seq, key);
    if (seq <= this.#readSeq) this.#forget(seq);
  }

  #forget(seq: number): void {
    const key = this.#keys.get(seq);
    this.#keys.delete(seq);
    // What was proposed once more stands at another place.
    if (key !== undefined && this.#unread.get(key)?.seq === seq) this.#unread.delete(key);
  }
}
