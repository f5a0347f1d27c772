import { FleetsweepError } from "../domain/errors.ts";
import { busLimits } from "./bus-limits.ts";
import type { AppendOptions, CorruptEntry, Log, LogEntry } from "./log.ts";
import { decodeEvent, type EncodedEvent, encodeEvent } from "./log-codec.ts";

export interface MemoryLog extends Log {
  /** Puts a message into the log as it is, as a foreign or damaged program would. */
  appendRaw(message: EncodedEvent): number;
}

export interface MemoryLogOptions {
  /** Milliseconds, for the dedupe window. */
  readonly now?: () => number;
  readonly createdAt?: string;
}

/** The log in memory, for tests: the same codec, the same bounds and the same dedupe window. */
export function makeMemoryLog(options: MemoryLogOptions = {}): MemoryLog {
  const now = options.now ?? ((): number => 0);
  const messages: EncodedEvent[] = [];
  const recent = new Map<string, { seq: number; atMs: number }>();
  const waiting = new Set<() => void>();
  let closed = false;

  const appendRaw = (message: EncodedEvent): number => {
    messages.push(message);
    for (const wake of waiting) wake();
    return messages.length;
  };

  const appendEncoded = async (
    message: EncodedEvent,
    { messageId, signal }: AppendOptions,
  ): Promise<number> => {
    signal?.throwIfAborted();
    if (closed) throw new FleetsweepError("bus.unavailable", "the log is closed");
    refuseLarge(message);
    const seen = recent.get(messageId);
    if (seen !== undefined && now() - seen.atMs < busLimits.dedupeWindowMs) return seen.seq;
    const seq = appendRaw(message);
    recent.set(messageId, { seq, atMs: now() });
    return seq;
  };

  return {
    appendRaw,
    append: async (event, options) => await appendEncoded(encodeEvent(event), options),
    appendEncoded,
    read: ({ fromSeq, signal }) => readFrom({ messages, waiting, fromSeq, signal }),
    async head() {
      return { lastSeq: messages.length, createdAt: options.createdAt ?? "memory" };
    },
    async close() {
      closed = true;
    },
  };
}

interface Reading {
  readonly messages: readonly EncodedEvent[];
  readonly waiting: Set<() => void>;
  readonly fromSeq: number;
  readonly signal: AbortSignal;
}

async function* readFrom(reading: Reading): AsyncGenerator<LogEntry | CorruptEntry> {
  const { messages, signal } = reading;
  if (reading.fromSeq > messages.length + 1) {
    throw new FleetsweepError(
      "log.corrupt",
      `the log ends with entry ${messages.length}, but entry ${reading.fromSeq - 1} was read before`,
    );
  }
  for (let seq = Math.max(1, reading.fromSeq); ; seq += 1) {
    while (!signal.aborted && messages.length < seq) await change(reading);
    const message = messages[seq - 1];
    if (signal.aborted || message === undefined) return;
    const decoded = decodeEvent(message.subject, message.payload);
    yield "event" in decoded ? { seq, ...decoded } : { seq, ...decoded, subject: message.subject };
  }
}

async function change({ waiting, signal }: Reading): Promise<void> {
  await new Promise<void>((resolve) => {
    const wake = (): void => {
      waiting.delete(wake);
      signal.removeEventListener("abort", wake);
      resolve();
    };
    waiting.add(wake);
    signal.addEventListener("abort", wake, { once: true });
  });
}

function refuseLarge({ subject, payload }: EncodedEvent): void {
  // Four bytes a UTF-16 unit is more than UTF-8 ever needs: most messages need no exact count.
  if (payload.length * 4 <= busLimits.maxPayloadBytes) return;
  const bytes = new TextEncoder().encode(payload).length;
  if (bytes <= busLimits.maxPayloadBytes) return;
  throw new FleetsweepError(
    "bus.rejected",
    `a message of ${bytes} bytes for ${subject} is above the limit of ${busLimits.maxPayloadBytes}`,
  );
}
