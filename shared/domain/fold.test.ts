import fc from "fast-check";
import { expect, test } from "vitest";
import {
  anyHistory,
  closed,
  grant,
  planned,
  result,
  submitted,
  sweepId,
} from "../testing/log-events.ts";
import { applyEvent, emptyLogState, type LogState } from "./fold.ts";
import type { LogEvent } from "./log-event.ts";

function fold(...events: LogEvent[]): LogState {
  const state = emptyLogState();
  for (const event of events) applyEvent(state, event);
  return state;
}

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
