import { decodeEvent, type EncodedEvent, encodeEvent } from "../../shared/bus/log-codec.ts";
import type { LaunchResult } from "../../shared/domain/result.ts";
import { sha256 } from "../../shared/runtime/random-id.ts";

/** The first word of every record; another structure gets another number. */
const format = "fleetsweep-spool/1";

export interface SpoolRecord {
  /** The result as it will stand in the log. */
  readonly message: EncodedEvent;
  readonly bytes: Buffer;
}

/** A record in a file of several: from byte `at` on, `length` bytes long. */
export type PlacedRecord = {
  readonly at: number;
  readonly length: number;
} & DecodedRecord;

export type DecodedRecord = { readonly result: LaunchResult } | { readonly torn: string };

/**
 * A result as bytes that tell whether they are whole: `fleetsweep-spool/1 <sha256> <subject>`, a line
 * feed, and the payload as it will stand in the log. JSON has no line feed of its own.
 * @throws FleetsweepError bus.rejected where the log would refuse the result for ever.
 */
export function encodeRecord(result: LaunchResult): SpoolRecord {
  const { sweepId, shardId } = result;
  const message = encodeEvent({ type: "result", sweepId, shardId, result });
  const { subject, payload } = message;
  const bytes = Buffer.from(`${format} ${sha256(payload)} ${subject}\n${payload}`);
  return { message, bytes };
}

/** Several records as the content of one file, a line feed between them, and where each stands. */
export function joinRecords(records: readonly Buffer[]): {
  readonly bytes: Buffer;
  readonly at: readonly number[];
} {
  const at: number[] = [];
  let length = 0;
  for (const record of records) {
    at.push(length);
    length += record.length + 1;
  }
  return { bytes: Buffer.concat(records.flatMap((one, n) => (n === 0 ? [one] : [gap, one]))), at };
}

const gap = Buffer.from("\n");

/**
 * The records of a file, in order. What a crash or a bad disk left of one is a value with the reason, and
 * the next one is found by its first word.
 */
export function decodeRecords(bytes: Buffer): readonly PlacedRecord[] {
  const starts = [0];
  for (let at = bytes.indexOf(nextRecord); at >= 0; at = bytes.indexOf(nextRecord, at + 1)) {
    starts.push(at + 1);
  }
  return starts.flatMap((at, n) => decodePiece(bytes, at, (starts[n + 1] ?? bytes.length + 1) - 1));
}

/** What stands before the next record: one record, and behind it what is left of a damaged one. */
function decodePiece(bytes: Buffer, at: number, end: number): readonly PlacedRecord[] {
  const headEnd = lineEnd(bytes, at, end);
  const recordEnd = lineEnd(bytes, Math.min(headEnd + 1, end), end);
  const length = recordEnd - at;
  const record = { at, length, ...decodeRecord(bytes.subarray(at, recordEnd)) };
  if (recordEnd + 1 >= end) return [record];
  const rest = { at: recordEnd + 1, length: end - recordEnd - 1 };
  return [record, { ...rest, torn: "what stands behind a record is none" }];
}

function lineEnd(bytes: Buffer, at: number, end: number): number {
  const found = bytes.indexOf(gap, at);
  return found < 0 ? end : Math.min(found, end);
}

const nextRecord = Buffer.from(`\n${format} `);

/** Reads one record back. */
export function decodeRecord(bytes: Buffer): DecodedRecord {
  const read = readMessage(bytes);
  if ("torn" in read) return read;
  const { subject, payload } = read.message;
  const decoded = decodeEvent(subject, payload);
  if ("corrupt" in decoded) return { torn: decoded.corrupt };
  if (decoded.event.type !== "result") return { torn: `it holds a ${decoded.event.type} event` };
  return { result: decoded.event.result };
}

/** The message of a record whose checksum says that it is as it was written. */
export function readMessage(bytes: Buffer): { message: EncodedEvent } | { torn: string } {
  const text = bytes.toString("utf8");
  const end = text.indexOf("\n");
  const [word, sum, subject, ...more] = text.slice(0, Math.max(end, 0)).split(" ");
  if (word !== format || sum === undefined || subject === undefined || more.length > 0) {
    return { torn: `it does not begin with ${format}, a checksum and a subject` };
  }
  const payload = text.slice(end + 1);
  if (sha256(payload) !== sum) return { torn: "its checksum does not fit its content" };
  return { message: { subject, payload } };
}
