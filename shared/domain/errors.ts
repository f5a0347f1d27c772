/**
 * The closed catalogue of failures. Whether a failure may be retried, which gRPC status carries it
 * and which exit code the CLI ends with belong to the code, never to the place that throws.
 * Every code has a section in deploy/ERRORS.md.
 */
export const errorCatalogue = {
  "config.invalid": { retryable: false, status: "INVALID_ARGUMENT", exitCode: 2 },
  "query.refused": { retryable: false, status: "INVALID_ARGUMENT", exitCode: 2 },
  "sweep.invalid": { retryable: false, status: "INVALID_ARGUMENT", exitCode: 2 },
  "sweep.not_found": { retryable: false, status: "NOT_FOUND", exitCode: 2 },
  "sweep.unplaceable": { retryable: false, status: "FAILED_PRECONDITION", exitCode: 2 },
  "schedule.not_found": { retryable: false, status: "NOT_FOUND", exitCode: 2 },
  "host.not_found": { retryable: false, status: "NOT_FOUND", exitCode: 2 },
  "host.fact_unavailable": { retryable: false, status: "FAILED_PRECONDITION", exitCode: 2 },
  "placement.refused": { retryable: false, status: "FAILED_PRECONDITION", exitCode: 2 },
  "link.protocol": { retryable: false, status: "INVALID_ARGUMENT", exitCode: 70 },
  "link.unavailable": { retryable: true, status: "UNAVAILABLE", exitCode: 3 },
  "link.version": { retryable: false, status: "FAILED_PRECONDITION", exitCode: 3 },
  "access.unauthenticated": { retryable: false, status: "UNAUTHENTICATED", exitCode: 2 },
  "access.denied": { retryable: false, status: "PERMISSION_DENIED", exitCode: 2 },
  "token.refused": { retryable: false, status: "PERMISSION_DENIED", exitCode: 2 },
  "peer.untrusted": { retryable: false, status: "UNAUTHENTICATED", exitCode: 3 },
  "rate.limited": { retryable: true, status: "RESOURCE_EXHAUSTED", exitCode: 3 },
  "bus.unavailable": { retryable: true, status: "UNAVAILABLE", exitCode: 3 },
  "bus.rejected": { retryable: false, status: "FAILED_PRECONDITION", exitCode: 3 },
  "log.corrupt": { retryable: false, status: "DATA_LOSS", exitCode: 3 },
  "spool.full": { retryable: true, status: "RESOURCE_EXHAUSTED", exitCode: 3 },
  "spool.corrupt": { retryable: false, status: "DATA_LOSS", exitCode: 3 },
  "store.failed": { retryable: true, status: "UNAVAILABLE", exitCode: 3 },
  "state.locked": { retryable: false, status: "FAILED_PRECONDITION", exitCode: 3 },
  "state.unusable": { retryable: false, status: "FAILED_PRECONDITION", exitCode: 3 },
  "runner.missing": { retryable: false, status: "FAILED_PRECONDITION", exitCode: 2 },
  "runner.failed": { retryable: true, status: "ABORTED", exitCode: 1 },
  "runtime.failed": { retryable: true, status: "UNAVAILABLE", exitCode: 3 },
  "program.missing": { retryable: false, status: "FAILED_PRECONDITION", exitCode: 3 },
  "program.died": { retryable: true, status: "ABORTED", exitCode: 3 },
} as const satisfies Record<string, ErrorTraits>;

export interface ErrorTraits {
  readonly retryable: boolean;
  /** The name of the gRPC status that carries the code over the wire. */
  readonly status: string;
  /** The CLI's exit code: 1 the work failed, 2 the input is wrong, 3 the system is not there, 70 a bug. */
  readonly exitCode: number;
}

export type ErrorCode = keyof typeof errorCatalogue;

/** A failure that its catalogue code classifies. The message says what was tried, on which thing, and what was found. */
export class FleetsweepError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "FleetsweepError";
    this.code = code;
  }

  get retryable(): boolean {
    return errorCatalogue[this.code].retryable;
  }
}

export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errorCatalogue, text);
}

/** Throws a plain Error where the program itself is wrong; nobody catches it, the process ends. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`invariant violated: ${message}`);
}

/** The end of an exhaustive switch. */
export function unreachable(value: never): never {
  throw new Error(`unreachable case: ${JSON.stringify(value)}`);
}
