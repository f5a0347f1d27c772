import type { FailureReason } from "../../shared/domain/failure-reason.ts";

/** Ends a launch; the reason becomes the outcome of the cell that it happened in. */
export class LaunchFault extends Error {
  readonly reason: FailureReason;
  /** The instance that it happened to, or null where it is no single one. */
  readonly instance: number | null;

  constructor(reason: FailureReason, message: string, instance: number | null = null) {
    super(message);
    this.name = "LaunchFault";
    this.reason = reason;
    this.instance = instance;
  }
}

/** The caller's signal ended the launch: nothing failed. */
export class LaunchCancelled extends Error {
  constructor() {
    super("the launch was cancelled");
    this.name = "LaunchCancelled";
  }
}
