import type { LogEvent } from "../domain/log-event.ts";
import type { EncodedEvent } from "./log-codec.ts";

/** One message of the log. Sequence numbers ascend from 1 and may have gaps. */
export interface LogEntry {
  readonly seq: number;
  /** When the server stored it, as digits: with `seq` its identity. A log in memory has none. */
  readonly storedAt?: string | undefined;
  readonly event: LogEvent;
}

/**
 * The log: a durable, totally ordered sequence of events. The only view that the programs have of
 * NATS JetStream; `memory-log.ts` is the same for tests.
 */
export interface Log {
  /**
   * Appends and resolves with the sequence number once the server has acknowledged it. `messageId`
   * lets the server drop a quick repetition: a filter, never a guarantee.
   * @throws FleetsweepError bus.unavailable (retryable: the event may or may not stand in the log),
   *   bus.rejected (too large, no permission).
   */
  append(event: LogEvent, options: AppendOptions): Promise<number>;

  /** The same for an event that was encoded, and checked, before. */
  appendEncoded(message: EncodedEvent, options: AppendOptions): Promise<number>;

  /**
   * Every entry from `fromSeq` on, in order, each once, then new ones as they come, until the signal
   * aborts. Recovers from lost connections by itself. An entry whose payload is malformed is yielded
   * as a `CorruptEntry`, so that a reader can report it and go on.
   * @throws FleetsweepError log.corrupt where the log is not what it was: see {@link ReadOptions}.
   */
  read(options: ReadOptions): AsyncIterable<LogEntry | CorruptEntry>;

  /** The last sequence number, 0 for an empty log, and the stream's identity. */
  head(): Promise<LogHead>;

  close(): Promise<void>;
}

export interface AppendOptions {
  readonly messageId: string;
  readonly signal?: AbortSignal;
}

export interface ReadOptions {
  readonly fromSeq: number;
  readonly signal: AbortSignal;
  /** What is known of the log already: another one, or one that is shorter by now, is not read at all. */
  readonly known?: LogHead | undefined;
}

export interface CorruptEntry {
  readonly seq: number;
  /** As in {@link LogEntry}. */
  readonly storedAt?: string | undefined;
  readonly corrupt: string;
  readonly subject: string;
}

export interface LogHead {
  readonly lastSeq: number;
  /** Changes when the stream was created anew. */
  readonly createdAt: string;
}
