import { z } from "zod";
import { fleetSweep } from "../domain/log-event.ts";
import { noisePolicies } from "../domain/method.ts";
import { bindingTools } from "../domain/result.ts";
import { objectives, tuneStrategies } from "../domain/tune.ts";
import {
  count,
  list,
  logLimits,
  monotonicNs,
  nonNegative,
  number,
  ordinal,
  positive,
  record,
  scalar,
  text,
  textOf,
  token,
} from "./log-values.ts";
import { scheduleEventSchemas } from "./schedule-schema.ts";
import { wireObject, wireVariants, writtenBy } from "./wire-object.ts";

const cell = record(scalar, logLimits.axesPerCell);
const plannedCell = wireObject({ cellId: token, cell });

/** A smoke run has no target: Infinity in the program, null in JSON, which knows no Infinity. */
const targetHalfWidth = writtenBy(
  z
    .number()
    .positive()
    .nullable()
    .transform((wire) => wire ?? Number.POSITIVE_INFINITY),
  (value) => (value === Number.POSITIVE_INFINITY ? null : value),
);

const method = wireObject({
  precision: z.enum(["smoke", "quick", "normal", "final"]),
  targetHalfWidth,
  minLaunches: count,
  maxLaunches: count,
  minCalls: count,
  minSeconds: z.number().nonnegative(),
  maxSeconds: z.number().nonnegative(),
  warmupMaxSeconds: z.number().nonnegative(),
  maxCalls: count,
  isolation: z.enum(["grouped", "process-per-cell"]),
  seed: z.int(),
  launchTimeoutSeconds: z.number().positive(),
  // Entries from before these fields mean what their defaults say.
  noise: z.enum(noisePolicies).default("retry"),
  interleave: z.boolean().default(true),
  maxCellSeconds: z.number().positive().nullable().default(null),
  maxSweepSeconds: z.number().positive().nullable().default(null),
});

const samples = wireObject({
  encoding: z.enum(["delta-varint-deflate-base64", "hdr-3-digits"]),
  count,
  data: textOf(logLimits.sampleDataChars),
});

const instance = wireObject({
  index: count,
  calls: count,
  warmupCalls: count,
  medianNs: nonNegative,
  startedNs: monotonicNs,
  endedNs: monotonicNs,
  samples,
  service: samples.optional(),
  warmup: samples.optional(),
  loadNs: nonNegative,
  firstCallNs: nonNegative,
});

const reason = wireObject({ code: text, message: text });
const verdict = wireObject({
  status: z.enum(["valid", "flagged", "invalid"]),
  reasons: list(reason, { min: 0, max: logLimits.reasons }),
});

const environment = wireObject({
  runnerVersions: record(text, logLimits.recordKeys),
  bindingTool: z.enum(bindingTools),
  readback: record(scalar.nullable(), logLimits.recordKeys),
  counters: record(number.nullable(), logLimits.recordKeys),
});

const measured = wireObject({
  type: z.literal("measured"),
  medianNs: positive,
  samplesPerSecond: nonNegative,
  instances: list(instance, { min: 1, max: logLimits.instancesPerLaunch }),
  verdict,
  environment,
});

const failed = wireObject({
  type: z.literal("failed"),
  reason: text,
  message: text,
  stderrTail: textOf(logLimits.stderrTailChars),
});

const launchResult = wireObject({
  attemptId: token,
  sweepId: token,
  shardId: token,
  hostId: token,
  grantId: token,
  cellId: token,
  launch: ordinal,
  outcome: wireVariants({ measured, failed }),
  terminal: z.enum(["ok", "failed"]).nullable(),
  endedAtMs: number,
  elapsedMs: nonNegative.nullable().default(null),
});

const tuneSettings = wireObject({
  objectives: z.array(z.enum(objectives)).min(1).max(2),
  p99LimitMs: z.number().positive().nullable(),
  strategy: z.enum(tuneStrategies),
  trials: z.int().positive(),
  minutes: z.number().positive().nullable(),
  seed: count,
  hosts: z.int().positive(),
  stopEarly: z.boolean(),
  confirmLaunches: count,
  warmStart: token.nullable(),
});

const tunePlan = wireObject({
  settings: tuneSettings,
  hostIds: z.array(token).min(1).max(logLimits.recordKeys),
  candidateCount: count,
  coresPerPackage: z.int().positive().nullable(),
  untuned: cell,
});

/** The payload of every kind of event, by the last word of its subject that is no host. */
export const eventSchemas = {
  planned: wireObject({
    type: z.literal("planned"),
    sweepId: token,
    shardId: token,
    hostId: token,
    movableTo: list(token, { min: 0, max: logLimits.hostsPerShard }).default([]),
    cells: list(plannedCell, { min: 0, max: logLimits.cellsPerShard }),
    planId: token.optional(),
  }),
  candidates: wireObject({
    type: z.literal("candidates"),
    sweepId: token,
    shardId: token,
    cells: z.array(plannedCell).max(logLimits.cellsPerShard),
  }),
  tuned: wireObject({ type: z.literal("tuned"), sweepId: token, reason: text }),
  grant: wireObject({
    type: z.literal("grant"),
    sweepId: token,
    shardId: token,
    grantId: token,
    hostId: token,
    prev: token.nullable(),
  }),
  revoke: wireObject({
    type: z.literal("revoke"),
    sweepId: token,
    shardId: token,
    grantId: token,
    reason: text,
  }),
  moved: wireObject({
    type: z.literal("moved"),
    sweepId: token,
    shardId: token,
    fromHostId: token,
    hostId: token,
    prev: token.nullable(),
    reason: text,
  }),
  quarantined: wireObject({
    type: z.literal("quarantined"),
    sweepId: token,
    shardId: token,
    cellId: token,
    reason: text,
  }),
  abandoned: wireObject({
    type: z.literal("abandoned"),
    sweepId: token,
    shardId: token,
    hostId: token,
    reason: text,
  }),
  cordoned: wireObject({
    type: z.literal("cordoned"),
    sweepId: z.literal(fleetSweep),
    hostId: token,
    mode: z.enum(["cordon", "drain"]),
    by: z.enum(["operator", "coordinator"]),
    reason: text,
  }),
  uncordoned: wireObject({
    type: z.literal("uncordoned"),
    sweepId: z.literal(fleetSweep),
    hostId: token,
    reason: text,
  }),
  rollback: wireObject({
    type: z.literal("rollback"),
    sweepId: z.literal(fleetSweep),
    rollbackId: token,
    reason: text,
  }),
  result: wireObject({
    type: z.literal("result"),
    sweepId: token,
    shardId: token,
    result: launchResult,
  }),
  closed: wireObject({ type: z.literal("closed"), sweepId: token, shardId: token }),
  submitted: wireObject({
    type: z.literal("submitted"),
    sweepId: token,
    name: text,
    shardCount: count,
    cellCount: count,
    method,
    source: z.string().max(logLimits.sweepFileChars),
    submittedAtMs: z.number(),
    // Entries from before tunes are of sweeps.
    tune: tunePlan.nullable().default(null),
    planId: token.optional(),
  }),
  cancelled: wireObject({ type: z.literal("cancelled"), sweepId: token, reason: text }),
  sealed: wireObject({ type: z.literal("sealed"), sweepId: token }),
  ...scheduleEventSchemas,
} as const;
