import { busLimits } from "../shared/bus/bus-limits.ts";
import type { Log } from "../shared/bus/log.ts";
import type { LogEvent } from "../shared/domain/log-event.ts";
import type { Logger } from "../shared/runtime/logger.ts";
import { kindOfFailure, TroubleTally } from "../shared/runtime/trouble-tally.ts";

/** Not acknowledged yet, or not even sent: no read-back can have caught up with it. */
const inFlight = Number.POSITIVE_INFINITY;
/** A log that lost its end never gives back what was acknowledged there: after so long it is proposed again. */
const readBackWithinMs = 30_000;

/** Proposals that wait for their acknowledgement at one time: what the bus takes at once without queueing. */
const maxInFlight = busLimits.appendsInFlight;
/** And those that wait for their turn; what is beyond is proposed at a later tick. */
const maxWaiting = 65_536;

interface Waiting {
  readonly event: LogEvent;
  readonly key: string;
}

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
  readonly #troubles: TroubleTally;
  /** In the order in which they were proposed. */
  #waiting: Waiting[] = [];
  #inFlight = 0;
  #readSeq = 0;

  constructor(deps: ProposalsDeps) {
    this.#nowMs = deps.nowMs;
    this.#log = deps.log;
    this.#logger = deps.logger;
    this.#randomId = deps.randomId;
    this.#troubles = new TroubleTally(deps.nowMs);
  }

  /**
   * Appends in the background, few at a time: a sweep that begins gives every host of the fleet a grant, and
   * whatever else goes on has its turn between. What the log does not take may be proposed again at the next tick.
   */
  propose(event: LogEvent, key: string): void {
    if (this.isPending(key) || this.#waiting.length >= maxWaiting) return;
    this.#unread.set(key, { seq: inFlight, sinceMs: this.#nowMs() });
    if (this.#inFlight < maxInFlight) this.#append({ event, key });
    else this.#waiting.push({ event, key });
  }

  #append({ event, key }: Waiting): void {
    this.#inFlight += 1;
    this.#log.append(event, { messageId: this.#randomId() }).then(
      (seq) => {
        this.#acknowledged(key, seq);
        this.#appended();
      },
      (error: unknown) => {
        this.#unread.delete(key);
        this.#refused(error, key);
        this.#appended();
      },
    );
  }

  #appended(): void {
    this.#inFlight -= 1;
    const next = this.#waiting.shift();
    if (next !== undefined) this.#append(next);
  }

  /** A log that is away takes none of those that wait either, and what was due then may not be due any more. */
  #refused(error: unknown, key: string): void {
    for (const { key: behind } of this.#waiting) this.#unread.delete(behind);
    this.#waiting = [];
    this.#troubles.note(kindOfFailure(error), (times) =>
      this.#logger.warn(
        { err: error, key, times },
        "the log did not take a proposal; trying again",
      ),
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
