import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { FleetsweepError } from "../domain/errors.ts";
import { fromStatus, isServiceError } from "./status.ts";

/**
 * The messages of a gRPC stream, in order, on either side. Throws a FleetsweepError where the call
 * ended with a failure.
 *
 * Never write `for await (const message of call)` on a server call: when such a loop ends, Node
 * destroys the call before its status is sent, and the peer waits for ever
 * (https://github.com/grpc/grpc-node/issues/1839). This iterator leaves the call open.
 *
 * On a server, the end of the messages does not say why they ended: a cancelled call and a
 * half-closed one look the same. A peer that means to finish must say so in a message. On a client,
 * leaving the loop does not tell the server: call `call.cancel()`.
 */
export async function* receive<Message>(call: Readable): AsyncGenerator<Message, void, undefined> {
  const messages: AsyncIterable<Message> = {
    [Symbol.asyncIterator]: () => call.iterator({ destroyOnReturn: false }),
  };
  try {
    yield* messages;
  } catch (error) {
    throw toLinkError(error);
  }
}

/** What ends the wait for a slow reader; grpc-js says `cancelled` on servers, `status` on clients. */
const endings = ["drain", "close", "cancelled", "status"] as const;

/**
 * Sends one message, and waits while the peer reads more slowly than we write, so that a stream
 * never queues more than its high-water mark. Throws link.unavailable where the call ends first, or
 * the error that its status carries.
 */
export async function send<Message>(call: Writable, message: Message): Promise<void> {
  if (!call.writable) throw new FleetsweepError("link.unavailable", "the stream is closed");
  if (call.write(message)) return;
  const waiting = new AbortController();
  const { signal } = waiting;
  const outcomes = endings.map(async (event) => {
    await once(call, event, { signal });
    return event;
  });
  try {
    if ((await Promise.race(outcomes)) === "drain") return;
  } catch (error) {
    throw toLinkError(error);
  } finally {
    // Takes the losing listeners off, or every slow send would leave some behind.
    waiting.abort();
    await Promise.allSettled(outcomes);
  }
  throw new FleetsweepError("link.unavailable", "the stream ended while a message waited");
}

/** A stream error without a status is a broken link; with one it is what the peer says. */
function toLinkError(error: unknown): FleetsweepError {
  if (error instanceof FleetsweepError || isServiceError(error)) return fromStatus(error);
  const found = error instanceof Error ? error.message : String(error);
  return new FleetsweepError("link.unavailable", `the stream broke: ${found}`, { cause: error });
}
