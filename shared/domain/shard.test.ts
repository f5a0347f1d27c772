import fc from "fast-check";
import { expect, test } from "vitest";
import { anyEvent, closed, grant, planned, result, revoke } from "../testing/log-events.ts";
import { foldShard, planShard, type Shard, type ShardEvent } from "./shard.ts";

const open: Shard = planShard(planned());
const granted = foldShard(open, grant("g1")).shard;

function fold(shard: Shard, ...events: ShardEvent[]): Shard {
  return events.reduce((current, event) => foldShard(current, event).shard, shard);
}

const shardEvents = fc
  .array(anyEvent, { maxLength: 40 })
  .map((events) =>
    events.filter((event): event is ShardEvent =>
      ["grant", "revoke", "result", "closed"].includes(event.type),
    ),
  );

test("a launch of a cell is counted at most once", () => {
  fc.assert(
    fc.property(shardEvents, (events) => {
      for (const { launches } of fold(granted, ...events).cells.values()) {
        expect(new Set(launches.map(({ launch }) => launch)).size).toBe(launches.length);
      }
    }),
  );
});

test("a result counts only under the grant that is current at its place in the log", () => {
  fc.assert(
    fc.property(shardEvents, (events) => {
      let shard: Shard = granted;
      for (const event of events) {
        const step = foldShard(shard, event);
        if (event.type === "result" && step.ignored === null) {
          expect(shard.state === "granted" && shard.grantId).toBe(event.result.grantId);
        }
        shard = step.shard;
      }
    }),
  );
});

test("a result under a revoked grant is kept as an orphan and not counted", () => {
  const late = foldShard(fold(granted, revoke("g1")), result({ grantId: "g1" }));
  expect(late.ignored).toBe("stale-grant");
  expect(late.shard.cells.get("c1")?.launches).toHaveLength(0);
});

test("a grant that does not name the last one as prev is ignored", () => {
  const reopened = fold(granted, revoke("g1"));
  expect(foldShard(reopened, grant("g2", null)).ignored).toBe("stale-prev");
  expect(foldShard(reopened, grant("g2", "g1")).ignored).toBeNull();
});

test("a second grant of a granted shard is ignored, whoever proposes it", () => {
  expect(foldShard(granted, grant("g2", "g1")).ignored).toBe("shard-not-open");
});

test("a terminal cell counts nothing more", () => {
  const done = fold(granted, result({ terminal: "ok" }));
  expect(foldShard(done, result({ launch: 2 })).ignored).toBe("cell-terminal");
});

test("a shard closes only when every cell is terminal, and a closed shard never changes", () => {
  expect(foldShard(granted, closed()).ignored).toBe("shard-incomplete");
  const terminal = fold(
    granted,
    result({ cellId: "c1", terminal: "ok" }),
    result({ cellId: "c2", terminal: "failed" }),
    closed(),
  );
  expect(terminal.state).toBe("closed");
  fc.assert(
    fc.property(shardEvents, (events) => {
      expect(fold(terminal, ...events)).toBe(terminal);
    }),
  );
});

test("counts survive a revoke, so that a new grant goes on where the last one ended", () => {
  const regranted = fold(granted, result({ launch: 1 }), revoke("g1"), grant("g2", "g1"));
  expect(regranted.cells.get("c1")?.launches.map(({ launch }) => launch)).toEqual([1]);
});
