import { NatsError } from "nats";
import { type ErrorCode, FleetsweepError } from "../domain/errors.ts";

/** Codes of client and server that no repetition changes. */
const hopeless = new Set([
  "MAX_PAYLOAD_EXCEEDED",
  "PERMISSIONS_VIOLATION",
  "AUTHORIZATION_VIOLATION",
  "BAD_AUTHENTICATION",
  "BAD_SUBJECT",
  "BAD_CREDS",
]);

/** JetStream's own code for a message above the stream's `max_msg_size`. */
const messageTooLarge = 10_054;
/** And for servers that are not there yet, though it calls that a bad request. */
const tooFewServers = 10_005;

/**
 * What a failure of the client means: bus.rejected where a repetition fails the same way, else
 * bus.unavailable. `action` says what was tried, for people.
 */
export function toBusError(error: unknown, action: string): FleetsweepError {
  if (error instanceof FleetsweepError) return error;
  return new FleetsweepError(classify(error), `${action}: ${describe(error)}`, { cause: error });
}

function classify(error: unknown): ErrorCode {
  if (!(error instanceof NatsError)) return "bus.unavailable";
  const api = error.api_error;
  if (api !== undefined && api !== null) {
    const code = api.err_code ?? 0;
    const isHopeless = api.code === 400 ? code !== tooFewServers : code === messageTooLarge;
    return isHopeless ? "bus.rejected" : "bus.unavailable";
  }
  return hopeless.has(error.code) ? "bus.rejected" : "bus.unavailable";
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof NatsError) {
    if (error.code === "503") return "no JetStream answers (starting, or not enabled)";
    if (error.code === "TIMEOUT") return "no answer in time";
    if (error.code === "CONNECTION_REFUSED") return "the connection was refused";
  }
  return error.message;
}
