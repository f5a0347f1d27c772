/** What a runner says of its timed phase, and when the agent saw it begin and end. */
export interface ClockEvidence {
  /** CLOCK_MONOTONIC in ns, as the runner read it. */
  readonly startedNs: bigint;
  readonly endedNs: bigint;
  /** Time inside the calls. */
  readonly busyNs: number;
  /** The same clock, read by the agent before it released the runner and after it heard of the end. */
  readonly releasedNs: bigint;
  readonly heardNs: bigint;
}

/**
 * What is wrong with a runner's clock, or null. All processes of a host share CLOCK_MONOTONIC, so a
 * phase that does not lie inside of what the agent saw, or calls that took longer than the phase, come
 * from another clock or from one that jumped.
 */
export function clockProblem(evidence: ClockEvidence): string | null {
  const { startedNs, endedNs, busyNs, releasedNs, heardNs } = evidence;
  if (endedNs < startedNs)
    return `the phase ends ${milliseconds(startedNs - endedNs)} before it starts`;
  if (startedNs < releasedNs) {
    return `the phase starts ${milliseconds(releasedNs - startedNs)} before it was released`;
  }
  if (endedNs > heardNs) {
    return `the phase ends ${milliseconds(endedNs - heardNs)} after its end was heard of`;
  }
  const excessNs = BigInt(Math.round(busyNs)) - (endedNs - startedNs);
  if (excessNs > 0n) return `the calls took ${milliseconds(excessNs)} longer than the phase`;
  return null;
}

function milliseconds(ns: bigint): string {
  return `${(Number(ns) / 1e6).toFixed(3)} ms`;
}
