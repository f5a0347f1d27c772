import { backoffMs } from "../domain/backoff.ts";
import { FleetsweepError } from "../domain/errors.ts";
import type { Clock } from "../runtime/clock.ts";
import { busLimits } from "./bus-limits.ts";
import type { CorruptEntry, LogEntry, LogHead, ReadOptions } from "./log.ts";
import { decodeEvent } from "./log-codec.ts";
import { toBusError } from "./nats-errors.ts";
import type { StreamMessage } from "./nats-pull.ts";

/** What reading needs of the server: everything of it may fail, and be asked again. */
export interface StreamSource {
  /** Resolves once connected. @throws FleetsweepError bus.unavailable after `timeoutMs`. */
  ready(timeoutMs: number): Promise<void>;
  head(): Promise<LogHead>;
  /** Messages in order until anything is doubtful; then it throws. */
  pull(options: { fromSeq: number; signal: AbortSignal }): AsyncIterable<StreamMessage>;
  trouble(trouble: string): void;
  /** Uniform in [0, 1). */
  random(): number;
  readonly pause: Clock["pause"];
}

/**
 * Every entry from `fromSeq` on, each once and in order, over any number of lost connections and server
 * restarts, until the signal aborts.
 * @throws FleetsweepError log.corrupt where the log became shorter than what was read, or another log:
 *   a fold of the old one would be wrong.
 */
export async function* readStream(
  source: StreamSource,
  options: ReadOptions,
): AsyncGenerator<LogEntry | CorruptEntry> {
  const { signal } = options;
  const place: Place = { nextSeq: options.fromSeq, last: null };
  let failures = 0;
  let first = options.known;
  const knownSeq = first?.lastSeq ?? 0;
  while (!signal.aborted) {
    try {
      await source.ready(busLimits.requestTimeoutMs);
      first = checkHead(await source.head(), first, Math.max(place.nextSeq - 1, knownSeq));
      const confirm = async (): Promise<unknown> => checkHead(await source.head(), first, 0);
      for await (const message of resume(source, place, { signal, confirm })) {
        failures = 0;
        yield toEntry(message);
        if (signal.aborted) return;
      }
    } catch (error) {
      if (signal.aborted) return;
      const failure = toBusError(error, "reading the log");
      if (!failure.retryable) throw failure;
      source.trouble(`${failure.message}; reading goes on behind entry ${place.nextSeq - 1}`);
      await source.pause(backoffMs(failures, busLimits.readRetry, source.random()), signal);
      failures += 1;
    }
  }
}

interface Place {
  nextSeq: number;
  /** The last message that was read. */
  last: StreamMessage | null;
}

/**
 * Goes on behind the last message, which it reads once more: a log that lost its end and grew again has
 * another message there, and neither its length nor its creation says so.
 */
async function* resume(
  source: StreamSource,
  place: Place,
  { signal, confirm }: { signal: AbortSignal; confirm: () => Promise<unknown> },
): AsyncGenerator<StreamMessage> {
  const { last } = place;
  const fromSeq = last === null ? place.nextSeq : last.seq;
  let known = false;
  for await (const message of source.pull({ fromSeq, signal })) {
    // The log may be replaced between a look at its head and what comes of it.
    if (!known && last === null) await confirm();
    else if (!known) checkSame(message, last);
    known = true;
    if (message.seq < place.nextSeq) continue;
    place.nextSeq = message.seq + 1;
    place.last = message;
    yield message;
  }
}

function checkSame(found: StreamMessage, last: StreamMessage | null): void {
  if (last === null || (found.seq === last.seq && found.storedAtNs === last.storedAtNs)) return;
  throw new FleetsweepError(
    "log.corrupt",
    `entry ${last.seq} of the log was read before, but another stands in its place: its end was lost`,
  );
}

function checkHead(head: LogHead, first: LogHead | undefined, readSeq: number): LogHead {
  if (head.lastSeq < readSeq) {
    throw new FleetsweepError(
      "log.corrupt",
      `the log ends with entry ${head.lastSeq}, but entry ${readSeq} was read before`,
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

function toEntry({ seq, storedAtNs, subject, payload }: StreamMessage): LogEntry | CorruptEntry {
  const decoded = decodeEvent(subject, payload);
  const place = { seq, storedAt: storedAtNs };
  if ("event" in decoded) return { ...place, event: decoded.event };
  return { ...place, corrupt: decoded.corrupt, subject };
}
