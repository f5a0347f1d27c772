import type { z } from "zod";
import { FleetsweepError } from "../domain/errors.ts";
import { type LogEvent, sweepShard } from "../domain/log-event.ts";
import { eventSchemas } from "./log-schema.ts";
import { quickOf, unsure } from "./quick-read.ts";
import { toWire } from "./wire-object.ts";

/** Everything under this prefix is the log. */
export const logSubjects = "fs.log.>";

/** A message as it stands on the bus: the subject and UTF-8 JSON. */
export interface EncodedEvent {
  readonly subject: string;
  readonly payload: string;
}

export type DecodedEvent = { readonly event: LogEvent } | { readonly corrupt: string };

/**
 * An event as a message: `fs.log.<sweep>.<shard>.<kind>`, results with their host behind, and a
 * snake_case JSON payload.
 * @throws FleetsweepError bus.rejected where the event is not as the log's schema wants it: no
 *   retry would change that.
 */
export function encodeEvent(event: LogEvent): EncodedEvent {
  const schema = eventSchemas[event.type];
  const wire = toWire(schema)(event);
  const checked = read(schema, wire);
  if ("problem" in checked) {
    throw new FleetsweepError(
      "bus.rejected",
      `a ${event.type} event of sweep ${event.sweepId} cannot stand in the log: ${checked.problem}`,
    );
  }
  return { subject: subjectOf(event), payload: JSON.stringify(wire) };
}

/** Reads a message back; a malformed one is a value with the reason, for a reader must go on. */
export function decodeEvent(subject: string, payload: string): DecodedEvent {
  const [fs, log, , , kind = ""] = subject.split(".");
  if (fs !== "fs" || log !== "log" || !isKind(kind)) {
    return { corrupt: "the subject names no known kind of event" };
  }
  let json: unknown;
  try {
    json = JSON.parse(payload);
  } catch (error) {
    return { corrupt: `the payload is no JSON: ${String(error)}` };
  }
  const checked = read(eventSchemas[kind], json);
  if ("problem" in checked) return { corrupt: checked.problem };
  const { event } = checked;
  const due = subjectOf(event);
  if (due !== subject) return { corrupt: `the payload belongs under ${due}` };
  if (event.type === "result" && !isConsistent(event.result, event)) {
    return { corrupt: "the result names another sweep or shard than its event" };
  }
  return { event };
}

type Checked = { readonly event: LogEvent } | { readonly problem: string };

/** Quickly where that is enough; what is wrong, the schema says. */
function read(schema: z.ZodType<LogEvent>, wire: unknown): Checked {
  const quick = quickOf(schema)?.(wire) ?? unsure;
  if (quick !== unsure) return { event: quick as LogEvent };
  const parsed = schema.safeParse(wire);
  return parsed.success ? { event: parsed.data } : { problem: problems(parsed.error) };
}

function subjectOf(event: LogEvent): string {
  const base = `fs.log.${event.sweepId}.${secondToken(event)}.${event.type}`;
  return event.type === "result" ? `${base}.${event.result.hostId}` : base;
}

/** The shard; the host of a host's own events; else the place of a sweep's and the fleet's own. */
function secondToken(event: LogEvent): string {
  if ("shardId" in event) return event.shardId;
  return "hostId" in event ? event.hostId : sweepShard;
}

function isConsistent(
  result: { readonly sweepId: string; readonly shardId: string },
  event: { readonly sweepId: string; readonly shardId: string },
): boolean {
  return result.sweepId === event.sweepId && result.shardId === event.shardId;
}

function isKind(text: string): text is LogEvent["type"] {
  return Object.hasOwn(eventSchemas, text);
}

/** More problems than this in one message say nothing new. */
const shownProblems = 3;

function problems(error: z.ZodError): string {
  const shown = error.issues.slice(0, shownProblems).map((issue) => {
    const place = issue.path.map(String).join(".");
    return place === "" ? issue.message : `${place}: ${issue.message}`;
  });
  const more = error.issues.length - shown.length;
  return shown.join("; ") + (more > 0 ? `; and ${more} more` : "");
}
