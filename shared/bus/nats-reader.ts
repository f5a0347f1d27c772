import { backoffMs } from "../domain/backoff.ts";
import { FleetsweepError } from "../domain/errors.ts";
import type { Clock } from "../runtime/clock.ts";
import { busLimits } from "./bus-limits.ts";
import type { CorruptEntry, LogEntry, LogHead, ReadOptions } from "./log.ts";
import { decodeEvent } from "./log-codec.ts";
import { toBusError } from "./nats-errors.ts";
import type { PullOptions, StreamMessage } from "./nats-pull.ts";

/** What reading needs of the server: everything of it may fail, and be asked again. */
export interface StreamSource {
  /** Resolves once connected. @throws FleetsweepError bus.unavailable after `timeoutMs`. */
  ready(timeoutMs: number): Promise<void>;
  head(): Promise<LogHead>;
  /** Messages in order until anything is doubtful; then it throws. */
  pull(options: PullOptions): AsyncIterable<StreamMessage>;
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
  let { known } = options;
  const knownSeq = known?.lastSeq ?? 0;
  const standing = async (): Promise<void> => {
    known = checkHead(await source.head(), known, Math.max(place.nextSeq - 1, knownSeq));
  };
  while (!signal.aborted) {
    try {
      await source.ready(busLimits.requestTimeoutMs);
      for await (const message of resume(source, place, { signal, standing })) {
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
  options: Omit<PullOptions, "fromSeq">,
): AsyncGenerator<StreamMessage> {
  const { last } = place;
  const fromSeq = last === null ? place.nextSeq : last.seq;
  let isFirst = true;
  for await (const message of source.pull({ fromSeq, ...options })) {
    if (isFirst) checkSame(message, last);
    isFirst = false;
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

function checkHead(head: LogHead, known: LogHead | undefined, readSeq: number): LogHead {
  if (head.lastSeq < readSeq) {
    throw new FleetsweepError(
      "log.corrupt",
      `the log ends with entry ${head.lastSeq}, but entry ${readSeq} was read before`,
    );
  }
  if (known !== undefined && known.createdAt !== head.createdAt) {
    throw new FleetsweepError(
      "log.corrupt",
      `the log of ${known.createdAt} was replaced by one of ${head.createdAt}`,
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
