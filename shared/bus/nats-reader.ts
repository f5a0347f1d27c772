import type { JetStreamManager } from "nats";
import { backoffMs } from "../domain/backoff.ts";
import { FleetsweepError } from "../domain/errors.ts";
import { pause } from "../runtime/sleep.ts";
import { busLimits } from "./bus-limits.ts";
import type { CorruptEntry, LogEntry, LogHead } from "./log.ts";
import { decodeEvent } from "./log-codec.ts";
import type { Connection } from "./nats-connection.ts";
import { toBusError } from "./nats-errors.ts";
import { pullMessages, type StreamMessage } from "./nats-pull.ts";
import { streamHead } from "./nats-stream.ts";

/**
 * Every entry from `fromSeq` on, each once and in order, over any number of lost connections and server
 * restarts, until the signal aborts.
 * @throws FleetsweepError log.corrupt where the log became shorter than what was read, or another log:
 *   a fold of the old one would be wrong.
 */
export async function* readStream(
  connection: Connection,
  manager: JetStreamManager,
  options: { fromSeq: number; signal: AbortSignal },
): AsyncGenerator<LogEntry | CorruptEntry> {
  const { signal } = options;
  let nextSeq = options.fromSeq;
  let failures = 0;
  let first: LogHead | undefined;
  while (!signal.aborted) {
    try {
      await connection.ready(busLimits.requestTimeoutMs);
      first = checkHead(await streamHead(manager), first, nextSeq);
      for await (const message of pullMessages(connection, manager, { fromSeq: nextSeq, signal })) {
        failures = 0;
        if (message.seq < nextSeq) continue;
        nextSeq = message.seq + 1;
        yield toEntry(message);
        if (signal.aborted) return;
      }
    } catch (error) {
      if (signal.aborted) return;
      const failure = toBusError(error, "reading the log");
      if (!failure.retryable) throw failure;
      connection.trouble(`${failure.message}; reading goes on behind entry ${nextSeq - 1}`);
      await pause(backoffMs(failures, busLimits.readRetry, connection.random()), signal);
      failures += 1;
    }
  }
}

function checkHead(head: LogHead, first: LogHead | undefined, nextSeq: number): LogHead {
  if (head.lastSeq < nextSeq - 1) {
    throw new FleetsweepError(
      "log.corrupt",
      `the log ends with entry ${head.lastSeq}, but entry ${nextSeq - 1} was read before`,
    );
  }
  if (first !== undefined && first.createdAt !== head.createdAt) {
    throw new FleetsweepError(
      "log.corrupt",
      `the log of ${first.createdAt} was replaced by one of ${head.createdAt}`,
    );
  }
  return head;
}

function toEntry(message: StreamMessage): LogEntry | CorruptEntry {
  const decoded = decodeEvent(message.subject, message.payload);
  if ("event" in decoded) return { seq: message.seq, event: decoded.event };
  return { seq: message.seq, corrupt: decoded.corrupt, subject: message.subject };
}
