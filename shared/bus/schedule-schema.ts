import { z } from "zod";
import { isToken } from "../domain/ids.ts";
import { fleetSweep } from "../domain/log-event.ts";
import { missedPolicies, overlapPolicies, scheduleLimits } from "../domain/schedule.ts";
import { toWire, wireObject, writtenBy } from "./wire-object.ts";

const token = z.string().refine(isToken, "is no id");
const text = z.string().max(4_096);
const count = z.int().nonnegative();
const atMs = z.number();
const cron = z.string().min(1).max(scheduleLimits.cronChars);

/** A schedule's name: the beginning of its sweeps' ids, before the fire time. */
export const scheduleName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "lower-case letters, digits and dashes, at most 63");

/** A specification as it stands in the log and travels to a coordinator. */
export const scheduleSpecSchema = wireObject({
  cron,
  timeZone: z.string().min(1).max(64),
  missed: z.enum(missedPolicies),
  overlap: z.enum(overlapPolicies),
  jitterSeconds: count.max(scheduleLimits.jitterSeconds),
  maintenance: z
    .array(wireObject({ cron, minutes: z.int().min(1).max(scheduleLimits.maintenanceMinutes) }))
    .max(scheduleLimits.maintenanceWindows),
  keep: z.int().min(1).max(scheduleLimits.keep),
  startWithinMinutes: z.int().min(1).max(scheduleLimits.startWithinMinutes),
});

const comparisonNote = wireObject({
  sweepId: token,
  outcome: text,
  improved: count,
  regressed: count,
  same: count,
  inconclusive: count,
  ratio: z.number().nullable(),
});

const comparisonOrNone = writtenBy(comparisonNote.nullable(), (note) =>
  note === null ? null : toWire(comparisonNote)(note),
);

const conclusion = wireObject({
  outcome: z.enum(["done", "cancelled", "not-started"]),
  cells: count,
  failedCells: count,
  previous: comparisonOrNone,
  baseline: comparisonOrNone,
  changedCells: count,
  problem: text.nullable(),
  atMs,
  coordinatorId: token,
});

const ofSchedule = { sweepId: z.literal(fleetSweep), schedule: scheduleName };
const ofFire = { ...ofSchedule, firedSweepId: token };
const sourceChars = 1_048_576;

/** The events of schedules as they stand in the log. */
export const scheduleEventSchemas = {
  scheduled: wireObject({
    type: z.literal("scheduled"),
    ...ofSchedule,
    spec: scheduleSpecSchema,
    source: z.string().max(sourceChars),
    fileName: text,
    atMs,
  }),
  unscheduled: wireObject({ type: z.literal("unscheduled"), ...ofSchedule }),
  paused: wireObject({ type: z.literal("paused"), ...ofSchedule, reason: text, atMs }),
  resumed: wireObject({ type: z.literal("resumed"), ...ofSchedule, atMs }),
  fired: wireObject({
    type: z.literal("fired"),
    ...ofFire,
    fireAtMs: atMs,
    afterMs: atMs.optional(),
    by: z.enum(["clock", "operator"]),
    skipped: text.nullable(),
    decidedAtMs: atMs,
    coordinatorId: token,
  }),
  passed: wireObject({
    type: z.literal("passed"),
    ...ofSchedule,
    toMs: atMs,
    count,
    afterMs: atMs.optional(),
  }),
  unstarted: wireObject({ type: z.literal("unstarted"), ...ofFire, reason: text }),
  pinned: wireObject({
    type: z.literal("pinned"),
    ...ofSchedule,
    baselineSweepId: token.nullable(),
  }),
  concluded: wireObject({ type: z.literal("concluded"), ...ofFire, conclusion }),
  notified: wireObject({
    type: z.literal("notified"),
    ...ofFire,
    channel: token,
    delivered: z.boolean(),
    attempts: count,
  }),
} as const;
