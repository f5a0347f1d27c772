import type { EncodedEvent } from "../../shared/bus/log-codec.ts";

/** UTF-16 units that are kept at the most: some thousands of usual results. */
const maxChars = 4 * 1024 * 1024;

/**
 * Messages that were just written to the spool and are about to be published, so that they need not be read
 * back. Each is given out once: what has to be published again comes from the disk.
 */
export class FreshMessages {
  readonly #messages = new Map<string, EncodedEvent>();
  #chars = 0;

  /** Passed over where there is no room: the disk has it. */
  add(attemptId: string, message: EncodedEvent): void {
    if (this.#chars + message.payload.length > maxChars) return;
    this.#messages.set(attemptId, message);
    this.#chars += message.payload.length;
  }

  take(attemptId: string): EncodedEvent | undefined {
    const message = this.#messages.get(attemptId);
    if (message === undefined) return undefined;
    this.#messages.delete(attemptId);
    this.#chars -= message.payload.length;
    return message;
  }
}
