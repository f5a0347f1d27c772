/**
 * Every reason with which a launch or a cell fails, and how often in a row a cell is launched again
 * after it. None where another launch would end the same way: what the host does not have or may not do.
 * One where the program itself went wrong, which a second launch confirms; two where something outside
 * of it did, which may have been chance twice. CONTRACT.md describes each reason.
 */
const newLaunchesAfter = {
  "start-failed": 1,
  "model-missing": 0,
  "model-invalid": 0,
  "cell-unsupported": 0,
  "out-of-memory": 1,
  crashed: 1,
  killed: 2,
  "oom-killed": 1,
  "instance-lost": 1,
  timeout: 1,
  "garbage-output": 1,
  protocol: 1,
  refused: 0,
  /** The agent or the host died during the launch. */
  interrupted: 2,
  /** The cell's host was given up; no launch says so, the log does. */
  "host-lost": 0,
} as const;

export type FailureReason = keyof typeof newLaunchesAfter;

export const failureReasons = Object.keys(newLaunchesAfter) as readonly FailureReason[];

/** How many failures in a row end a cell, by the reason of the last; a foreign reason counts as a crash. */
export function allowedFailures(reason: string): number {
  return 1 + (isFailureReason(reason) ? newLaunchesAfter[reason] : newLaunchesAfter.crashed);
}

/** Whether another launch may end better: the failure may be the host's, not the cell's. */
export function mayPass(reason: string): boolean {
  return allowedFailures(reason) > 1;
}

/** Whether the launch took the agent or the host with it. */
export function isLethal(reason: string): boolean {
  return reason === "interrupted";
}

function isFailureReason(reason: string): reason is FailureReason {
  return Object.hasOwn(newLaunchesAfter, reason);
}
