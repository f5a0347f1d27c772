import { decodeEvent, encodeEvent } from "../../shared/bus/log-codec.ts";
import type { LaunchResult } from "../../shared/domain/result.ts";
import { sha256 } from "../../shared/runtime/random-id.ts";

/** The first word of every record; another structure gets another number. */
const format = "fleetsweep-spool/1";

export type DecodedRecord = { readonly result: LaunchResult } | { readonly torn: string };

/**
 * A result as bytes that tell whether they are whole: `fleetsweep-spool/1 <sha256> <subject>`, a line
 * feed, and the payload as it will stand in the log.
 * @throws FleetsweepError bus.rejected where the log would refuse the result for ever.
 */
export function encodeRecord(result: LaunchResult): Buffer {
  const { sweepId, shardId } = result;
  const { subject, payload } = encodeEvent({ type: "result", sweepId, shardId, result });
  return Buffer.from(`${format} ${sha256(payload)} ${subject}\n${payload}`);
}

/** Reads a record back; what a crash or a bad disk left of one is a value with the reason. */
export function decodeRecord(bytes: Buffer): DecodedRecord {
  const text = bytes.toString("utf8");
  const end = text.indexOf("\n");
  const [word, sum, subject, ...more] = text.slice(0, Math.max(end, 0)).split(" ");
  if (word !== format || sum === undefined || subject === undefined || more.length > 0) {
    return { torn: `it does not begin with ${format}, a checksum and a subject` };
  }
  const payload = text.slice(end + 1);
  if (sha256(payload) !== sum) return { torn: "its checksum does not fit its content" };
  const decoded = decodeEvent(subject, payload);
  if ("corrupt" in decoded) return { torn: decoded.corrupt };
  if (decoded.event.type !== "result") return { torn: `it holds a ${decoded.event.type} event` };
  return { result: decoded.event.result };
}
