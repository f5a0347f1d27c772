import { createInbox, Events, type Msg, MsgHdrsImpl, NatsError } from "nats";
import { FleetsweepError } from "../domain/errors.ts";
import { busLimits } from "./bus-limits.ts";
import type { EncodedEvent } from "./log-codec.ts";
import type { Connection } from "./nats-connection.ts";
import { streamName } from "./nats-stream.ts";

interface Waiting {
  readonly subject: string;
  readonly deadlineMs: number;
  readonly resolve: (seq: number) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Publishes to the stream and hears the acknowledgements on one subscription. The client's own way asks for
 * each by a request with a timer and an error object of its own, which costs twice as much.
 * https://docs.nats.io/reference/reference-protocols/nats_api_reference (publish acknowledgements)
 */
export class Acknowledgements {
  readonly #connection: Connection;
  readonly #inbox: string;
  /** By the last word of the inbox; the oldest first, and all wait equally long. */
  readonly #waiting = new Map<string, Waiting>();
  #sent = 0;
  #expiring = false;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#inbox = createInbox(connection.inboxPrefix);
    connection.nats.subscribe(`${this.#inbox}.*`, {
      callback: (error, message) => (error ? this.#failAll(error) : this.#heard(message)),
    });
    connection.onLost(() =>
      this.#failAll(
        new FleetsweepError("bus.unavailable", "the connection to NATS was lost meanwhile"),
      ),
    );
    this.#watchRefusals().catch((error: unknown) => {
      connection.trouble(`refusals of the bus are not readable any more: ${String(error)}`);
    });
  }

  /** Resolves with the place in the stream. @throws NatsError, FleetsweepError bus.unavailable. */
  publish({ subject, payload }: Message, messageId: string): Promise<number> {
    this.#sent += 1;
    const token = this.#sent.toString(36);
    // Made at once: setting them one by one spells each name letter by letter.
    const headers = MsgHdrsImpl.fromRecord({
      "Nats-Msg-Id": [messageId],
      "Nats-Expected-Stream": [streamName],
    });
    return new Promise((resolve, reject) => {
      const deadlineMs = performance.now() + busLimits.appendTimeoutMs;
      this.#waiting.set(token, { subject, deadlineMs, resolve, reject });
      if (!this.#expiring) this.#expireIn(busLimits.appendTimeoutMs);
      const reply = `${this.#inbox}.${token}`;
      this.#connection.nats.publish(subject, payload, { reply, headers });
    });
  }

  #heard(message: Msg): void {
    const token = message.subject.slice(this.#inbox.length + 1);
    const waiting = this.#waiting.get(token);
    if (waiting === undefined) return;
    this.#waiting.delete(token);
    try {
      waiting.resolve(readAck(message));
    } catch (error) {
      waiting.reject(error);
    }
  }

  #expire(): void {
    const nowMs = performance.now();
    for (const [token, { deadlineMs, reject }] of this.#waiting) {
      if (deadlineMs > nowMs) break;
      this.#waiting.delete(token);
      reject(new NatsError("no answer in time", "TIMEOUT"));
    }
    const next = this.#waiting.values().next().value;
    this.#expiring = false;
    if (next !== undefined) this.#expireIn(Math.max(1, next.deadlineMs - nowMs));
  }

  /** Keeps no program alive: what is to be heard comes on the connection. */
  #expireIn(ms: number): void {
    this.#expiring = true;
    setTimeout(() => this.#expire(), ms).unref();
  }

  /** Of a subject that we may not publish to, the server says so beside the answers. */
  async #watchRefusals(): Promise<void> {
    for await (const { type, permissionContext } of this.#connection.nats.status()) {
      if (type !== Events.Error || permissionContext?.operation !== "publish") continue;
      const { subject } = permissionContext;
      this.#fail(new NatsError(`may not publish to ${subject}`, "PERMISSIONS_VIOLATION"), subject);
    }
  }

  #failAll(error: unknown): void {
    this.#fail(error, null);
  }

  #fail(error: unknown, subject: string | null): void {
    for (const [token, waiting] of this.#waiting) {
      if (subject !== null && waiting.subject !== subject) continue;
      this.#waiting.delete(token);
      waiting.reject(error);
    }
  }
}

type Message = Pick<EncodedEvent, "subject"> & { readonly payload: Uint8Array };

interface Ack {
  readonly seq?: number;
  readonly error?: {
    readonly code: number;
    readonly err_code: number;
    readonly description: string;
  };
}

/** @throws NatsError for every answer that is no place in the stream. */
function readAck(message: Msg): number {
  if (message.headers?.code === 503) throw new NatsError("no responders", "503");
  const { seq, error } = message.json<Ack>();
  if (error !== undefined) {
    const refusal = new NatsError(error.description, `${error.code}`);
    refusal.api_error = error;
    throw refusal;
  }
  if (seq === undefined || seq === 0) throw new NatsError("no acknowledgement", "JETSTREAM_ACK");
  return seq;
}
