import type { Writable } from "node:stream";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { send } from "../../shared/rpc/duplex.ts";

/** Messages that may wait for one slow agent; beyond it the stream ends and the agent connects anew. */
const maxQueuedMessages = 256;

/** The bounded queue of one stream: messages go out in order, as fast as the peer reads. */
export class Outbound<Message> {
  readonly #call: Writable;
  readonly #onFailure: (error: unknown) => void;
  #queued = 0;
  #last: Promise<void> = Promise.resolve();

  /** `onFailure` is called when a message could not be sent; the stream is then of no use. */
  constructor(call: Writable, onFailure: (error: unknown) => void) {
    this.#call = call;
    this.#onFailure = onFailure;
  }

  push(message: Message): void {
    if (this.#queued >= maxQueuedMessages) {
      this.#onFailure(new FleetsweepError("link.unavailable", "the agent reads too slowly"));
      return;
    }
    this.#queued += 1;
    this.#last = this.#last.then(() => this.#sendOne(message));
  }

  async #sendOne(message: Message): Promise<void> {
    try {
      await send(this.#call, message);
    } catch (error) {
      this.#onFailure(error);
    } finally {
      this.#queued -= 1;
    }
  }
}
