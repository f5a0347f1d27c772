import fc from "fast-check";
import { expect, test } from "vitest";
import type { Cell } from "../domain/cell.ts";
import { FleetsweepError } from "../domain/errors.ts";
import type { LogEvent } from "../domain/log-event.ts";
import { precisionModes } from "../domain/method.ts";
import { closed, grant, planned, result, revoke, submitted } from "../testing/log-events.ts";
import { failure, measured } from "../testing/outcomes.ts";
import { decodeEvent, encodeEvent } from "./log-codec.ts";
import { eventSchemas } from "./log-schema.ts";
import { logLimits } from "./log-values.ts";
import { quickOf, unsure } from "./quick-read.ts";

const oneOfEach: readonly LogEvent[] = [
  submitted(),
  submitted({ method: precisionModes.normal }),
  submitted({
    method: {
      ...precisionModes.quick,
      noise: "wait",
      interleave: false,
      maxCellSeconds: 600,
      maxSweepSeconds: 86_400,
    },
  }),
  planned(),
  grant("g1"),
  grant("g2", "g1"),
  revoke("g1"),
  result({ outcome: measured() }),
  result({ outcome: failure(), terminal: "failed" }),
  closed(),
  { type: "cancelled", sweepId: "s1", reason: "typed the wrong file" },
  { type: "sealed", sweepId: "s1" },
];

function decoded(event: LogEvent): ReturnType<typeof decodeEvent> {
  const { subject, payload } = encodeEvent(event);
  return decodeEvent(subject, payload);
}

test("every kind of event comes back as it was", () => {
  for (const event of oneOfEach) expect(decoded(event)).toEqual({ event });
});

test("a subject names sweep, shard and kind, and for a result the host", () => {
  const subjects = oneOfEach.map((event) => encodeEvent(event).subject);
  expect(new Set(subjects)).toEqual(
    new Set([
      "fs.log.s1._.submitted",
      "fs.log.s1.h1-0001.planned",
      "fs.log.s1.h1-0001.grant",
      "fs.log.s1.h1-0001.revoke",
      "fs.log.s1.h1-0001.result.h1",
      "fs.log.s1.h1-0001.closed",
      "fs.log.s1._.cancelled",
      "fs.log.s1._.sealed",
    ]),
  );
});

test("payload fields are snake_case and the keys of records stay as they are", () => {
  const payload = JSON.parse(encodeEvent(result({ outcome: measured() })).payload);
  expect(payload.result.outcome.samples_per_second).toBe(500);
  expect(payload.result.outcome.environment.readback).toHaveProperty("intraOpThreads", 1);
});

test("an unknown field of a newer program is ignored", () => {
  const { subject, payload } = encodeEvent(grant("g1"));
  const newer = JSON.stringify({ ...JSON.parse(payload), urgency_hint_ms: 5 });
  expect(decodeEvent(subject, newer)).toEqual({ event: grant("g1") });
});

test("any cell and any numbers survive the way through the log", () => {
  const axis = fc.oneof(
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
  );
  const name = fc.stringMatching(/^[a-z][a-zA-Z_]{0,20}$/);
  const cells = fc.dictionary(name, axis, { noNullPrototype: true }) as fc.Arbitrary<Cell>;
  fc.assert(
    fc.property(cells, fc.double({ min: 1e-9, max: 1e18, noNaN: true }), (cell, medianNs) => {
      const event = planned({ cells: [{ cellId: "c1", cell }] });
      // JSON has no -0; the two zeros are one value of an axis.
      expect(JSON.stringify(decoded(event))).toEqual(JSON.stringify({ event }));
      const resulted = result({ outcome: measured({ medianNs }) });
      expect(decoded(resulted)).toEqual({ event: resulted });
    }),
  );
});

test("a result under another host's subject is corrupt", () => {
  const { payload } = encodeEvent(result({ outcome: measured() }));
  expect(decodeEvent("fs.log.s1.h1-0001.result.h2", payload)).toEqual({
    corrupt: "the payload belongs under fs.log.s1.h1-0001.result.h1",
  });
});

test("a result that names another shard than its event is corrupt", () => {
  const { result: inner } = result({ shardId: "h1-9" });
  const event = { ...result(), result: inner };
  expect(decoded(event)).toHaveProperty(
    "corrupt",
    expect.stringContaining("another sweep or shard"),
  );
});

test("no bytes make the decoder throw", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), fc.constantFrom(...oneOfEach), (text, event) => {
      expect(decodeEvent(encodeEvent(event).subject, text)).toHaveProperty("corrupt");
      expect(decodeEvent(text, "{}")).toHaveProperty("corrupt");
    }),
  );
});

test("a cut payload is corrupt and says where", () => {
  const { subject, payload } = encodeEvent(grant("g1"));
  const { grant_id: _, ...without } = JSON.parse(payload);
  expect(decodeEvent(subject, JSON.stringify(without))).toHaveProperty(
    "corrupt",
    expect.stringContaining("grant"),
  );
  expect(decodeEvent(subject, payload.slice(0, 20))).toHaveProperty(
    "corrupt",
    expect.stringContaining("no JSON"),
  );
});

test("an event that breaks the schema is refused before it is sent", () => {
  const bad: LogEvent[] = [
    { ...grant("g1"), sweepId: "s*" },
    result({ hostId: "h1.example.org" }),
    result({ outcome: failure({ stderrTail: "x".repeat(logLimits.stderrTailChars + 1) }) }),
    submitted({ method: { ...precisionModes.quick, targetHalfWidth: Number.NaN } }),
  ];
  for (const event of bad) {
    expect(() => encodeEvent(event)).toThrowError(FleetsweepError);
  }
});

test("entries from before a field was added are read with what the field then meant", () => {
  const older = (event: LogEvent, fields: readonly string[]) => {
    const { subject, payload } = encodeEvent(event);
    const without = JSON.parse(payload, (key, value: unknown) =>
      fields.includes(key) ? undefined : value,
    ) as unknown;
    return decodeEvent(subject, JSON.stringify(without));
  };
  const sweep = submitted({ method: precisionModes.normal });
  const added = ["noise", "interleave", "max_cell_seconds", "max_sweep_seconds"];
  expect(older(sweep, added)).toEqual({ event: sweep });
  const unknown = { event: result({ elapsedMs: null }) };
  expect(older(result(), ["elapsed_ms"])).toEqual(unknown);
});

/** Payloads as they are, and with one value of them replaced or taken away, wherever it stands. */
function variants(wire: unknown, value: unknown): unknown[] {
  if (typeof wire !== "object" || wire === null) return [value];
  const changed = (key: string, put: unknown): unknown => {
    const copy: Record<string, unknown> | unknown[] = Array.isArray(wire) ? [...wire] : { ...wire };
    if (put === undefined) Reflect.deleteProperty(copy, key);
    else Object.defineProperty(copy, key, { value: put, enumerable: true, configurable: true });
    return copy;
  };
  return [
    value,
    ...Object.entries(wire).flatMap(([key, inner]) => [
      changed(key, undefined),
      ...variants(inner, value).map((one) => changed(key, one)),
    ]),
    changed("__proto__", value),
    changed("unknown_field", value),
  ];
}

const replacements = [
  undefined,
  null,
  "",
  "x".repeat(logLimits.textChars + 1),
  "ok",
  "a.b",
  -1,
  0,
  -0,
  1.5,
  2 ** 53,
  Number.NaN,
  true,
  [],
  {},
  [{}],
  { "": 1 },
];

test("what is read quickly is what the schema reads, and nothing that it refuses", () => {
  let quickly = 0;
  for (const event of oneOfEach) {
    const wire: unknown = JSON.parse(encodeEvent(event).payload);
    const schema = eventSchemas[event.type];
    for (const variant of [wire, ...replacements.flatMap((value) => variants(wire, value))]) {
      const read = quickOf(schema)?.(variant) ?? unsure;
      if (read === unsure) continue;
      quickly += 1;
      expect(schema.safeParse(variant)).toEqual({ success: true, data: read });
    }
  }
  expect(quickly).toBeGreaterThan(1_000);
});

test("results, and all that a shard lives through, are read quickly", () => {
  for (const event of oneOfEach.filter((one) => "shardId" in one)) {
    const wire: unknown = JSON.parse(encodeEvent(event).payload);
    expect(quickOf(eventSchemas[event.type])?.(wire)).toEqual(event);
  }
});
