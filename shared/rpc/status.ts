import { Metadata, type ServiceError, status as Status } from "@grpc/grpc-js";
import { type ErrorCode, errorCatalogue, FleetsweepError, isErrorCode } from "../domain/errors.ts";

/** The metadata key that carries the catalogue's code beside the gRPC status. */
export const codeKey = "fleetsweep-code";

/**
 * A status travels in one header block, percent-encoded, and Node's HTTP/2 peers accept 64 KiB of
 * headers: a longer message would break the stream that was to report it. Counted after encoding.
 */
export const maxDetailsBytes = 16_384;

const cutMark = " … (cut)";

/**
 * What a handler hands to grpc-js for an error: the catalogue's status with its code in the
 * metadata, or INTERNAL for anything that is no FleetsweepError, which only a bug can be.
 */
export function toStatus(error: unknown): ServiceError {
  const metadata = new Metadata();
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof FleetsweepError)) {
    return makeServiceError(Status.INTERNAL, `internal error: ${message}`, metadata);
  }
  metadata.set(codeKey, error.code);
  return makeServiceError(statusOf(error.code), message, metadata);
}

/**
 * The failure that a call ended with, for the caller: the code that the peer sent, else the nearest
 * one of the status. A FleetsweepError passes as it is; what is no gRPC error is `link.protocol`.
 */
export function fromStatus(error: unknown): FleetsweepError {
  if (error instanceof FleetsweepError) return error;
  if (!isServiceError(error)) {
    const message = error instanceof Error ? error.message : String(error);
    return new FleetsweepError("link.protocol", message, { cause: error });
  }
  const sent = error.metadata?.get(codeKey)[0];
  if (typeof sent === "string" && isErrorCode(sent)) {
    return new FleetsweepError(sent, error.details, { cause: error });
  }
  const message = `${Status[error.code] ?? error.code}: ${error.details}`;
  return new FleetsweepError(fallbackCodes[error.code] ?? "link.protocol", message, {
    cause: error,
  });
}

/** An error that grpc-js made of a status: a number as `code`, text as `details`. */
export function isServiceError(error: unknown): error is ServiceError {
  if (!(error instanceof Error)) return false;
  const { code, details } = error as Partial<ServiceError>;
  return typeof code === "number" && typeof details === "string";
}

function statusOf(code: ErrorCode): Status {
  return Status[errorCatalogue[code].status];
}

/** For a peer that sent no code that we know: a newer one, a proxy, or grpc-js itself. */
const fallbackCodes: Partial<Record<Status, ErrorCode>> = {
  [Status.UNAVAILABLE]: "link.unavailable",
  [Status.DEADLINE_EXCEEDED]: "link.unavailable",
  [Status.CANCELLED]: "link.unavailable",
  [Status.ABORTED]: "link.unavailable",
  [Status.UNIMPLEMENTED]: "link.version",
};

function makeServiceError(code: Status, message: string, metadata: Metadata): ServiceError {
  const details = fitDetails(message);
  return Object.assign(new Error(details), { code, details, metadata });
}

/** grpc-js encodes details with encodeURI, which throws on a lone surrogate. */
function fitDetails(message: string): string {
  const wellFormed = message.replace(/\p{Surrogate}/gu, "\uFFFD");
  if (encodeURI(wellFormed).length <= maxDetailsBytes) return wellFormed;
  let bytes = 0;
  let end = 0;
  for (const character of wellFormed) {
    bytes += encodeURI(character).length;
    if (bytes > maxDetailsBytes - encodeURI(cutMark).length) break;
    end += character.length;
  }
  return wellFormed.slice(0, end) + cutMark;
}
