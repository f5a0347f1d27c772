import fc from "fast-check";
import { expect, test } from "vitest";
import {
  abandoned,
  anyEvent,
  closed,
  grant,
  moved,
  planned,
  quarantined,
  result,
  revoke,
} from "../testing/log-events.ts";
import { foldShard, planShard, type Shard, type ShardEvent } from "./shard.ts";

const open: Shard = planShard(planned({ movableTo: ["h2", "h3"] }));
const granted = foldShard(open, grant("g1")).shard;

function fold(shard: Shard, ...events: ShardEvent[]): Shard {
  return events.reduce((current, event) => foldShard(current, event).shard, shard);
}

const shardEvents = fc
  .array(anyEvent, { maxLength: 40 })
  .map((events) =>
    events.filter((event): event is ShardEvent =>
      ["grant", "revoke", "moved", "result", "quarantined", "abandoned", "closed"].includes(
        event.type,
      ),
    ),
  );

test("a launch of a cell on a host is counted at most once", () => {
  fc.assert(
    fc.property(shardEvents, (events) => {
      let shard: Shard = granted;
      const counted: string[] = [];
      for (const event of events) {
        const step = foldShard(shard, event);
        if (event.type === "result" && step.ignored === null) {
          const { hostId, cellId, launch } = event.result;
          counted.push(`${hostId} ${cellId} ${launch}`);
        }
        shard = step.shard;
      }
      expect(new Set(counted).size).toBe(counted.length);
    }),
  );
});

test("a cell never has launches of two hosts, and a shard never returns to a host", () => {
  fc.assert(
    fc.property(shardEvents, (events) => {
      let shard: Shard = granted;
      const owners = [shard.hostId];
      const hostByAttempt = new Map<string, string>();
      for (const event of events) {
        if (event.type === "result") {
          const { attemptId, hostId } = event.result;
          const step = foldShard(shard, event);
          if (step.ignored === null) hostByAttempt.set(attemptId, hostId);
        }
        shard = foldShard(shard, event).shard;
        if (shard.hostId !== owners.at(-1)) owners.push(shard.hostId);
        for (const { launches } of shard.cells.values()) {
          const hosts = launches.map(({ attemptId }) => hostByAttempt.get(attemptId));
          expect(new Set(hosts).size).toBeLessThanOrEqual(1);
        }
      }
      expect(new Set(owners).size).toBe(owners.length);
    }),
  );
});

test("a shard moves only while it is open, from the host that has it to one that may take it", () => {
  expect(foldShard(granted, moved({ prev: "g1" })).ignored).toBe("shard-not-open");
  const again = fold(granted, result({ launch: 1 }), result({ cellId: "c2", terminal: "ok" }));
  const reopened = fold(again, revoke("g1"));
  expect(foldShard(reopened, moved({ prev: null })).ignored).toBe("stale-prev");
  expect(foldShard(reopened, moved({ prev: "g1", hostId: "h9" })).ignored).toBe("not-movable");
  const there = fold(reopened, moved({ prev: "g1" }));
  expect(there.hostId).toBe("h2");
  expect(there.cells.get("c1")?.launches).toHaveLength(0);
  expect(there.cells.get("c2")).toMatchObject({ terminal: "ok", launches: [{ launch: 1 }] });
  expect(foldShard(there, { ...grant("g2", "g1"), hostId: "h2" }).ignored).toBeNull();
});

test("a result that counts is no orphan when it comes again, not even after its shard is closed", () => {
  const counted = fold(granted, result({ terminal: "ok" }));
  expect(foldShard(counted, result({ terminal: "ok" })).ignored).toBe("result-repeated");
  const over = fold(counted, result({ cellId: "c2", terminal: "ok" }), closed());
  expect(foldShard(over, result({ terminal: "ok" })).ignored).toBe("result-repeated");
});

test("an abandoned shard has its cells failed and can close; what comes later is an orphan", () => {
  const given = fold(granted, result({ terminal: "ok" }), abandoned());
  expect([...given.cells.values()].map(({ terminal }) => terminal)).toEqual(["ok", "failed"]);
  expect(foldShard(given, result({ cellId: "c2" })).ignored).toBe("stale-grant");
  expect(fold(given, closed()).state).toBe("closed");
  expect(foldShard(granted, abandoned("h2")).ignored).toBe("foreign-host");
});

test("a quarantined cell is terminal, and its shard can close without it", () => {
  const without = fold(granted, quarantined("c1"), result({ cellId: "c2", terminal: "ok" }));
  expect(without.remaining).toBe(0);
  expect(foldShard(without, quarantined("c1")).ignored).toBe("cell-terminal");
  expect(foldShard(without, result()).ignored).toBe("cell-terminal");
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
