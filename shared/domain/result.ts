/** What one launch found of one cell: what an agent spools, publishes and the fold counts. */
export interface LaunchResult {
  /** Random; the spool's key and the message id of the publish. */
  readonly attemptId: string;
  readonly sweepId: string;
  readonly shardId: string;
  readonly hostId: string;
  readonly grantId: string;
  readonly cellId: string;
  /** From 1, within the cell on this host. */
  readonly launch: number;
  readonly outcome: LaunchOutcome;
  /** Set by the agent on the cell's last launch: the cell needs no more. */
  readonly terminal: "ok" | "failed" | null;
  /** When the launch ended, by the host's wall clock; shown, never compared between hosts. */
  readonly endedAtMs: number;
  /**
   * How long the launch took for this cell: from the end of the cell before it in the same launch, or
   * from the launch's start, to its own end. Null in entries of agents that did not say.
   */
  readonly elapsedMs: number | null;
}

export type LaunchOutcome = Measured | LaunchFailure;

/** Something that makes a figure doubtful or void, with the numbers that say so. */
export interface Reason {
  /** A word of the closed list in GLOSSARY.md, such as `foreign-cpu`, `no-steady-state`. */
  readonly code: string;
  readonly message: string;
}

export interface Verdict {
  readonly status: "valid" | "flagged" | "invalid";
  readonly reasons: readonly Reason[];
}

export interface Measured {
  readonly type: "measured";
  /** Largest of the instances' median call durations: the launch's latency. */
  readonly medianNs: number;
  /** batch × calls per second, summed over instances, in their common window. */
  readonly samplesPerSecond: number;
  readonly instances: readonly InstanceMeasurement[];
  readonly verdict: Verdict;
  readonly environment: LaunchEnvironment;
}

export interface InstanceMeasurement {
  readonly index: number;
  readonly calls: number;
  readonly warmupCalls: number;
  readonly medianNs: number;
  /** Start and end of the timed phase on CLOCK_MONOTONIC, for the common window. */
  readonly startedNs: string;
  readonly endedNs: string;
  /** Of each call, from its intended start; of the calls that come at once together. */
  readonly samples: EncodedSamples;
  /** Time inside each call, where calls come by a schedule and may have to wait. */
  readonly service?: EncodedSamples | undefined;
  /** Of the last calls of the warm-up, in their order; a runner need not tell them. */
  readonly warmup?: EncodedSamples | undefined;
  /** Model load and first call, kept apart from the timed calls. */
  readonly loadNs: number;
  readonly firstCallNs: number;
}

/**
 * Raw samples, lossless: zigzag varints of the differences between successive durations in ns,
 * deflated, base64. The record says so itself, so that other encodings can join.
 */
export interface EncodedSamples {
  readonly encoding: "delta-varint-deflate-base64" | "hdr-3-digits";
  readonly count: number;
  readonly data: string;
}

/**
 * What bound the instances; with systemd each was in a scope, with cgroup in a cgroup that the agent made, whose
 * cpuset held it as well.
 */
export const bindingTools = [
  "numactl",
  "taskset",
  "systemd+numactl",
  "systemd+taskset",
  "cgroup+numactl",
  "cgroup+taskset",
  "none",
] as const;

/** What was in force during the launch, read back, not assumed. Null where the host does not say. */
export interface LaunchEnvironment {
  readonly runnerVersions: Readonly<Record<string, string>>;
  readonly bindingTool: (typeof bindingTools)[number];
  /** What the runner says it got: threads, providers, output checksum … */
  readonly readback: Readonly<Record<string, string | number | boolean | null>>;
  /** Deltas and levels over the launch: `foreign_cpu_share`, `cpu_seconds`, `minor_faults`, `locality` … */
  readonly counters: Readonly<Record<string, number | null>>;
}

export interface LaunchFailure {
  readonly type: "failed";
  /** A word of a closed list: `crashed`, `timeout`, `garbage-output`, `off-plan`, `refused` … */
  readonly reason: string;
  readonly message: string;
  /** The last lines of the runner's stderr. */
  readonly stderrTail: string;
}

/** What of a result decides which launch comes next. */
export interface LaunchGist {
  /** Null for a launch that failed. */
  readonly medianNs: number | null;
  /** Why it failed; null for one that measured. */
  readonly failure: string | null;
  /** Measured, but void by its verdict: another one may take its place. */
  readonly invalid: boolean;
  /** As in {@link LaunchResult}. */
  readonly elapsedMs: number | null;
}

export function gistOf({
  outcome,
  elapsedMs,
}: Pick<LaunchResult, "outcome" | "elapsedMs">): LaunchGist {
  if (outcome.type === "failed") {
    return { medianNs: null, failure: outcome.reason, invalid: false, elapsedMs };
  }
  const invalid = outcome.verdict.status === "invalid";
  return { medianNs: outcome.medianNs, failure: null, invalid, elapsedMs };
}

/** What else of a result a search may look for the best of; null where it was not measured. */
export interface LaunchFigures {
  readonly samplesPerSecond: number | null;
  readonly p99Ns: number | null;
  readonly joulesPerSample: number | null;
}

export function figuresOf({ outcome }: Pick<LaunchResult, "outcome">): LaunchFigures {
  if (outcome.type === "failed") return noFigures;
  const { counters } = outcome.environment;
  return {
    samplesPerSecond: outcome.samplesPerSecond,
    p99Ns: counters["p99_ns"] ?? null,
    joulesPerSample: counters["joules_per_sample"] ?? null,
  };
}

const noFigures: LaunchFigures = { samplesPerSecond: null, p99Ns: null, joulesPerSample: null };
