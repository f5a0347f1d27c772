import type { RunnerFailureReason, StartMessage } from "../../runner/contract.ts";

/** What a runner written in TypeScript supplies; `serve` does the talking and the timing. */
export interface Workload {
  readonly versions: Readonly<Record<string, string>>;
  /** Threads that it computes with. */
  readonly threads: number;
  readonly readback: Readonly<Record<string, string | number | boolean | null>>;
  /** @throws RunnerFault cell-unsupported for a shape that the model does not take. */
  prepare(shape: CallShape): Promise<PreparedCall>;
  /** In place of CLOCK_MONOTONIC, for workloads that only pretend to compute. */
  readonly nowNs?: () => bigint;
  /** Beside `nowNs`: lets its time pass until then. */
  readonly waitUntil?: (instantNs: bigint) => Promise<void>;
}

export interface CallShape {
  readonly batchSize: number;
  readonly sequenceLength: number | null;
}

export interface PreparedCall {
  /** One forward call on inputs that are ready; only this is timed. */
  call(): Promise<void> | void;
  /** Of the last call's output, as hex. */
  checksum(): string;
  readonly readback?: Readonly<Record<string, string | number | boolean | null>>;
}

/** Loads the model once for the whole launch. @throws RunnerFault */
export type LoadWorkload = (start: StartMessage) => Promise<Workload>;

/** A failure that the runner can name; anything else that is thrown ends it as a crash. */
export class RunnerFault extends Error {
  readonly reason: RunnerFailureReason;

  constructor(reason: RunnerFailureReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "RunnerFault";
    this.reason = reason;
  }
}
