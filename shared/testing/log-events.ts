import fc from "fast-check";
import {
  type CordonedEvent,
  fleetSweep,
  type LogEvent,
  type MovedEvent,
  type PlannedEvent,
  type SubmittedEvent,
} from "../domain/log-event.ts";
import { precisionModes } from "../domain/method.ts";
import type { LaunchResult } from "../domain/result.ts";

/** Builders of log events: each test shows only what differs. */
export const sweepId = "s1";
export const shardId = "h1-0001";
export const hostId = "h1";

export function planned(overrides: Partial<PlannedEvent> = {}): PlannedEvent {
  return {
    type: "planned",
    sweepId,
    shardId,
    hostId,
    movableTo: [],
    cells: ["c1", "c2"].map((cellId) => ({ cellId, cell: { batch_size: 1, cores: cellId } })),
    ...overrides,
  };
}

export function submitted(overrides: Partial<SubmittedEvent> = {}): SubmittedEvent {
  return {
    type: "submitted",
    sweepId,
    name: "test",
    shardCount: 1,
    cellCount: 2,
    method: precisionModes.smoke,
    source: "name: test\n",
    submittedAtMs: 0,
    tune: null,
    ...overrides,
  };
}

export function grant(grantId: string, prev: string | null = null): LogEvent & { type: "grant" } {
  return { type: "grant", sweepId, shardId, grantId, hostId, prev };
}

export function revoke(grantId: string): LogEvent & { type: "revoke" } {
  return { type: "revoke", sweepId, shardId, grantId, reason: "test" };
}

export function closed(): LogEvent & { type: "closed" } {
  return { type: "closed", sweepId, shardId };
}

export function result(overrides: Partial<LaunchResult> = {}): LogEvent & { type: "result" } {
  const grantId = overrides.grantId ?? "g1";
  const cellId = overrides.cellId ?? "c1";
  const launch = overrides.launch ?? 1;
  return {
    type: "result",
    sweepId: overrides.sweepId ?? sweepId,
    shardId: overrides.shardId ?? shardId,
    result: {
      attemptId: `${grantId}-${cellId}-${launch}`,
      sweepId,
      shardId,
      hostId,
      grantId,
      cellId,
      launch,
      outcome: { type: "failed", reason: "crashed", message: "test", stderrTail: "" },
      terminal: null,
      endedAtMs: 0,
      elapsedMs: 1_500,
      ...overrides,
    },
  };
}

export function moved(overrides: Partial<MovedEvent> = {}): MovedEvent {
  const hosts = { fromHostId: hostId, hostId: "h2" };
  return { type: "moved", sweepId, shardId, ...hosts, prev: null, reason: "test", ...overrides };
}

export function quarantined(cellId: string): LogEvent & { type: "quarantined" } {
  return { type: "quarantined", sweepId, shardId, cellId, reason: "test" };
}

export function abandoned(owner = hostId): LogEvent & { type: "abandoned" } {
  return { type: "abandoned", sweepId, shardId, hostId: owner, reason: "test" };
}

export function cordoned(overrides: Partial<CordonedEvent> = {}): CordonedEvent {
  const who = { hostId, mode: "cordon", by: "operator" } as const;
  return { type: "cordoned", sweepId: fleetSweep, ...who, reason: "test", ...overrides };
}

export function uncordoned(): LogEvent & { type: "uncordoned" } {
  return { type: "uncordoned", sweepId: fleetSweep, hostId, reason: "test" };
}

const grantIds = fc.constantFrom("g1", "g2", "g3");

/** Events of one sweep with one shard, few ids, so that sequences collide in every way. */
export const anyEvent: fc.Arbitrary<LogEvent> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(planned({ movableTo: ["h2", "h3"] })) },
  { weight: 1, arbitrary: fc.constant(submitted()) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(grantIds, fc.option(grantIds), fc.constantFrom("h1", "h1", "h2"))
      .map(([grantId, prev, host]) => ({ ...grant(grantId, prev), hostId: host })),
  },
  { weight: 2, arbitrary: grantIds.map(revoke) },
  {
    weight: 8,
    arbitrary: fc
      .record({
        grantId: grantIds,
        cellId: fc.constantFrom("c1", "c2", "c3"),
        launch: fc.integer({ min: 1, max: 3 }),
        terminal: fc.constantFrom("ok" as const, "failed" as const, null),
        hostId: fc.constantFrom("h1", "h1", "h2"),
      })
      .map(result),
  },
  { weight: 2, arbitrary: fc.constant(closed()) },
  {
    weight: 2,
    arbitrary: fc
      .record({
        fromHostId: fc.constantFrom("h1", "h2", "h3"),
        hostId: fc.constantFrom("h1", "h2", "h3"),
        prev: fc.option(grantIds),
      })
      .map(moved),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<LogEvent>(
      quarantined("c1"),
      abandoned("h1"),
      abandoned("h2"),
      cordoned(),
      cordoned({ by: "coordinator", mode: "drain" }),
      uncordoned(),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<LogEvent>(
      { type: "sealed", sweepId },
      { type: "cancelled", sweepId, reason: "test" },
    ),
  },
);

/** A submitted sweep, then anything. */
export const anyHistory: fc.Arbitrary<LogEvent[]> = fc
  .array(anyEvent, { maxLength: 40 })
  .map((events) => [planned({ movableTo: ["h2", "h3"] }), submitted(), grant("g1"), ...events]);
