import { z } from "zod";
import { arrivalPatterns } from "../../shared/domain/arrival.ts";

/**
 * The runner contract: JSON lines between an agent (stdin of the runner) and one instance of a runner
 * (its stdout). CONTRACT.md beside the runners tells the story; `contract.schema.json` is generated
 * from these schemas. Field names are snake_case because runners are written in any language.
 */
export const contractVersion = 1;

/** Bounds of what crosses the pipe, so that a broken runner cannot exhaust the agent. */
export const contractLimits = {
  /** One line of a runner's stdout; 10 000 durations of 12 digits take 130 kB. */
  lineBytes: 4 * 1024 * 1024,
  /** Timed calls of one cell. */
  calls: 200_000,
  /** Warm-up calls whose times are told: enough to draw how they settled. */
  warmupCalls: 256,
  /** Calls that a multi-stream pattern starts at once. */
  streams: 65_536,
  /** Characters of any other text. */
  textLength: 2_000,
  /** Entries of `versions` and `readback`. */
  entries: 64,
} as const;

const text = z.string().max(contractLimits.textLength);
const cellId = z.string().min(1).max(64);
const count = z.int().nonnegative();
const milliseconds = z.number().nonnegative();
/** A duration in ns: a JSON number, exact up to 2^53 ns (104 days). */
const nanoseconds = z.int().nonnegative();
/** A point on CLOCK_MONOTONIC in ns, as a decimal string: it may pass 2^53 on a host that stays up. */
const instant = z.string().regex(/^\d{1,19}$/);
const scalar = z.union([text, z.number(), z.boolean(), z.null()]);

function bounded<Value extends z.ZodType>(
  value: Value,
): z.ZodType<Record<string, z.output<Value>>> {
  return z
    .record(z.string().max(64), value)
    .refine((entries) => Object.keys(entries).length <= contractLimits.entries, {
      message: `more than ${contractLimits.entries} entries`,
    });
}

/** Why a runner itself says that it cannot go on; everything else the agent finds out. */
export const runnerFailureReasons = [
  "model-missing",
  "model-invalid",
  "cell-unsupported",
  "start-failed",
  "out-of-memory",
] as const;

const model = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("built-in"), name: text }),
  z.object({ kind: z.literal("file"), name: text, path: z.string().max(4_096) }),
]);

const start = z.object({
  type: z.literal("start"),
  contract: z.literal(contractVersion),
  /** From 0 to `instances` − 1. */
  instance: count,
  instances: z.int().positive(),
  /** PUs that this instance is pinned to, and the threads that it must compute with. */
  pus: z.array(count),
  threads: z.int().positive(),
  mode: text,
  dtype: text,
  model,
  parameters: bounded(z.union([text, z.number(), z.boolean()])),
  /** Seeds built-in weights and inputs: equal in every runner and on every host. */
  seed: count,
});

/** How the timed calls arrive; warm-up calls always follow each other. */
const arrival = z.discriminatedUnion("pattern", [
  z.object({ pattern: z.literal("closed") }),
  z.object({ pattern: z.literal("offline") }),
  z.object({
    pattern: z.literal("server"),
    /** The intended start of each call, in ns after `started_ns`, ascending. */
    offsets_ns: z.array(nanoseconds).min(1).max(contractLimits.calls),
  }),
  z.object({
    pattern: z.literal("multi-stream"),
    /** Calls that come at once. */
    streams: z.int().positive().max(contractLimits.streams),
  }),
]);

const prepare = z.object({
  type: z.literal("prepare"),
  cell: cellId,
  batch_size: z.int().positive(),
  /** Null for a model without a sequence. */
  sequence_length: z.int().positive().nullable(),
  warmup: z.object({ max_ms: milliseconds }),
  timed: z.object({
    min_calls: z.int().positive(),
    max_calls: z.int().positive().max(contractLimits.calls),
    min_ms: milliseconds,
    max_ms: milliseconds,
  }),
  arrival,
  /** Go on calling after `enough` until `finish`, so that all instances share one window. */
  run_on: z.boolean(),
});

const go = z.object({
  type: z.literal("go"),
  cell: cellId,
  /** Offline only: exactly so many calls. */
  calls: z.int().positive().max(contractLimits.calls).optional(),
});

/** What an agent writes to a runner's stdin. */
export const agentMessage = z.discriminatedUnion("type", [
  start,
  prepare,
  go,
  z.object({ type: z.literal("finish"), cell: cellId }),
  z.object({ type: z.literal("stop") }),
]);

const ready = z.object({
  type: z.literal("ready"),
  contract: z.literal(contractVersion),
  /** What measured: the framework, its language, itself. */
  versions: bounded(text),
  /** Threads that the runner computes with. */
  threads: z.int().positive(),
  load_ns: nanoseconds,
  /** Anything that it can read back: provider, BLAS, arena, model digest … */
  readback: bounded(scalar),
});

const warm = z.object({
  type: z.literal("warm"),
  cell: cellId,
  calls: count,
  first_call_ns: nanoseconds,
  /** Median of the last window: how many calls an offline phase gets rests on it. */
  call_ns: nanoseconds.optional(),
  /** False where the cap came before two stable windows. */
  steady: z.boolean(),
  /** Of the last warm-up calls, in their order, up to the one before the timed calls. */
  durations_ns: z.array(nanoseconds).max(contractLimits.warmupCalls).optional(),
});

const done = z.object({
  type: z.literal("done"),
  cell: cellId,
  started_ns: instant,
  ended_ns: instant,
  /** As it was asked for, so that a runner that knows `closed` only cannot pass for another. */
  arrival: z.enum(arrivalPatterns).optional(),
  /** Of each call, from its intended start; of each group of calls with multi-stream. */
  durations_ns: z.array(nanoseconds).min(1).max(contractLimits.calls),
  /** Server only: the time inside each call, without its wait. */
  service_ns: z.array(nanoseconds).min(1).max(contractLimits.calls).optional(),
  /** Of the last output: equal work has equal checksums within one runner version. */
  checksum: text,
  readback: bounded(scalar).optional(),
});

/** What a runner writes to its stdout, one JSON object a line and nothing else. */
export const runnerMessage = z.discriminatedUnion("type", [
  ready,
  warm,
  z.object({ type: z.literal("enough"), cell: cellId }),
  done,
  z.object({
    type: z.literal("failed"),
    /** Null where the whole runner cannot go on; else it can measure other cells. */
    cell: cellId.nullable(),
    reason: z.enum(runnerFailureReasons),
    message: text,
  }),
]);

export type AgentMessage = z.output<typeof agentMessage>;
export type RunnerMessage = z.output<typeof runnerMessage>;
export type StartMessage = z.output<typeof start>;
export type PrepareMessage = z.output<typeof prepare>;
export type ArrivalMessage = z.output<typeof arrival>;
export type GoMessage = z.output<typeof go>;
export type ReadyMessage = z.output<typeof ready>;
export type WarmMessage = z.output<typeof warm>;
export type DoneMessage = z.output<typeof done>;
export type RunnerFailureReason = (typeof runnerFailureReasons)[number];
