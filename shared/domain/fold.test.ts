import fc from "fast-check";
import { expect, test } from "vitest";
import {
  anyHistory,
  closed,
  cordoned,
  grant,
  planned,
  quarantined,
  result,
  submitted,
  sweepId,
  uncordoned,
} from "../testing/log-events.ts";
import { applyEvent, emptyLogState, type LogState } from "./fold.ts";
import { fleetSweep, type LogEvent } from "./log-event.ts";

function fold(...events: LogEvent[]): LogState {
  const state = emptyLogState();
  for (const event of events) applyEvent(state, event);
  return state;
}

const interrupted = { type: "failed", reason: "interrupted", message: "", stderrTail: "" } as const;

const finished: readonly LogEvent[] = [
  planned(),
  submitted(),
  grant("g1"),
  result({ cellId: "c1", terminal: "ok" }),
  result({ cellId: "c2", terminal: "ok" }),
  closed(),
];

test("any two readers of one prefix derive the same state, wherever they paused", () => {
  fc.assert(
    fc.property(anyHistory, fc.nat(43), (events, pause) => {
      const resumed = fold(...events.slice(0, pause));
      for (const event of events.slice(pause)) applyEvent(resumed, event);
      expect(resumed).toEqual(fold(...events));
    }),
  );
});

test("a shard is work only once its sweep is submitted with all its shards", () => {
  const state = fold(planned());
  expect(applyEvent(state, grant("g1")).ignored).toBe("sweep-not-open");
  expect(applyEvent(state, submitted({ shardCount: 2 })).ignored).toBe("shards-missing");
  expect(applyEvent(state, submitted()).ignored).toBeNull();
  expect(applyEvent(state, planned({ shardId: "h1-0002" })).ignored).toBe("already-submitted");
});

test("a submission that is repeated changes nothing", () => {
  const state = fold(planned(), submitted());
  expect(applyEvent(state, planned()).ignored).toBe("already-submitted");
  expect(applyEvent(state, submitted()).ignored).toBe("already-submitted");
});

test("a sealed sweep has every planned cell terminal", () => {
  fc.assert(
    fc.property(anyHistory, (events) => {
      const sweep = fold(...events, { type: "sealed", sweepId }).sweeps.get(sweepId);
      if (sweep?.phase !== "sealed") return;
      for (const shard of sweep.shards.values()) {
        for (const { terminal } of shard.cells.values()) expect(terminal).not.toBeNull();
      }
    }),
  );
  expect(fold(...finished, { type: "sealed", sweepId }).sweeps.get(sweepId)?.phase).toBe("sealed");
});

test("results that come after the end of a sweep are orphans", () => {
  const state = fold(...finished, { type: "sealed", sweepId });
  expect(applyEvent(state, result({ launch: 9 })).ignored).toBe("sweep-not-open");
  expect(state.sweeps.get(sweepId)?.orphans).toBe(1);
});

test("a cancelled sweep counts nothing more", () => {
  const state = fold(planned(), submitted(), grant("g1"));
  expect(applyEvent(state, { type: "cancelled", sweepId, reason: "test" }).ignored).toBeNull();
  expect(applyEvent(state, result()).ignored).toBe("sweep-not-open");
});

test("a cordoned host is granted nothing, whoever proposes it, until it is uncordoned", () => {
  const state = fold(planned(), submitted(), cordoned());
  expect(applyEvent(state, grant("g1")).ignored).toBe("host-cordoned");
  expect(applyEvent(state, uncordoned()).ignored).toBeNull();
  expect(applyEvent(state, uncordoned()).ignored).toBe("host-not-cordoned");
  expect(applyEvent(state, grant("g1")).ignored).toBeNull();
});

test("a coordinator's cordon and a quarantine are accepted only where the log itself blames", () => {
  const state = fold(planned(), submitted(), grant("g1"));
  expect(applyEvent(state, cordoned({ by: "coordinator" })).ignored).toBe("host-not-blamed");
  expect(applyEvent(state, quarantined("c1")).ignored).toBe("not-blamed");
  const fails = { terminal: "failed", outcome: interrupted } as const;
  applyEvent(state, result({ cellId: "c1", ...fails }));
  expect(applyEvent(state, cordoned({ by: "coordinator" })).ignored).toBe("host-not-blamed");
  applyEvent(state, result({ cellId: "c2", ...fails }));
  expect(applyEvent(state, cordoned({ by: "coordinator" })).ignored).toBeNull();
  applyEvent(state, uncordoned());
  expect(applyEvent(state, cordoned({ by: "coordinator" })).ignored).toBe("host-not-blamed");
});

test("a result that counts and comes again is no orphan, also after its sweep has ended", () => {
  const state = fold(...finished, { type: "sealed", sweepId });
  const again = result({ cellId: "c1", terminal: "ok" });
  expect(applyEvent(state, again).ignored).toBe("result-repeated");
  expect(state.sweeps.get(sweepId)?.orphans).toBe(0);
});

test("no sweep may have the id under which the fleet's own events stand", () => {
  expect(applyEvent(fold(), planned({ sweepId: fleetSweep })).ignored).toBe("reserved-id");
});
