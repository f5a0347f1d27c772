import type { AssignedLaunch, Assignment } from "../../shared/domain/assignment.ts";

/** A launch in the spool, as far as it matters here. */
export interface SpooledLaunchOfGrant extends Omit<AssignedLaunch, "terminal"> {
  readonly grantId: string;
  readonly terminal: "ok" | "failed" | null;
}

/**
 * Adds launches that this agent has measured under the same grant but that the log did not hold yet
 * when the assignment was made: an agent that was restarted measures nothing twice.
 */
export function mergeSpooled(
  assignment: Assignment,
  spooled: readonly SpooledLaunchOfGrant[],
): Assignment {
  const known = new Set(assignment.counted.map(({ cellId, launch }) => `${cellId}.${launch}`));
  const missing = spooled
    .filter(({ grantId }) => grantId === assignment.grantId)
    .filter(({ cellId, launch }) => !known.has(`${cellId}.${launch}`))
    .map(({ cellId, launch, medianNs, failure, invalid, elapsedMs, terminal }) => ({
      cellId,
      launch,
      medianNs,
      failure,
      invalid,
      elapsedMs,
      terminal: terminal !== null,
    }));
  return { ...assignment, counted: [...assignment.counted, ...missing] };
}
