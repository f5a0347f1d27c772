import type { Assignment } from "../shared/domain/assignment.ts";
import type { LaunchResult } from "../shared/domain/result.ts";

/** Measures what is left of an assignment and hands over each launch's results. */
export type MeasureShard = (
  assignment: Assignment,
  report: ShardReporter,
  signal: AbortSignal,
) => Promise<void>;

export interface ShardReporter {
  /** Keeps the results of one launch; resolves when they are durable. */
  readonly results: (results: readonly LaunchResult[]) => Promise<void>;
  /** Whether another launch may begin: false once the grant is to be given back or the agent is to stop. */
  readonly goOn: () => boolean;
  readonly progress: (cellId: string, launch: number, phase: string) => void;
  /** Another agent of this machine measures: who; null once it is this one's turn. */
  readonly waiting: (holder: string | null) => void;
}
