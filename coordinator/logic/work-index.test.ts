import fc from "fast-check";
import { expect, test } from "vitest";
import { applyEvent, emptyLogState, type LogState } from "../../shared/domain/fold.ts";
import type { Shard } from "../../shared/domain/shard.ts";
import { anyHistory, hostId } from "../../shared/testing/log-events.ts";
import { WorkIndex } from "./work-index.ts";

function scan(state: LogState, wanted: (shard: Shard) => boolean) {
  return [...state.sweeps.values()]
    .filter(({ phase }) => phase === "open")
    .flatMap(({ shards }) => [...shards.values()].filter(wanted))
    .map(({ sweepId, shardId }) => ({ sweepId, shardId }));
}

test("after every event the index holds what a scan of all sweeps finds", () => {
  fc.assert(
    fc.property(anyHistory, (events) => {
      const state = emptyLogState();
      const index = new WorkIndex();
      for (const event of events) {
        index.note(state, applyEvent(state, event));
        const unfinished = ({ remaining }: Shard) => remaining > 0;
        for (const host of [hostId, "h2", "h3"]) {
          const ofHost = (shard: Shard) => shard.hostId === host && unfinished(shard);
          const open = scan(state, (shard) => shard.state === "open" && ofHost(shard));
          const granted = scan(state, (shard) => shard.state === "granted" && ofHost(shard));
          expect(index.nextOpen(host)).toEqual(open[0]);
          expect(index.open(host)).toEqual(open);
          expect(index.granted(host)).toEqual(granted);
          expect(index.hosts().has(host)).toBe(open.length + granted.length > 0);
        }
        expect(index.complete()).toEqual(
          scan(state, (shard) => shard.state !== "closed" && shard.remaining === 0),
        );
        const sealable = [...state.sweeps.values()].filter(
          ({ phase, closedShards, shards }) => phase === "open" && closedShards === shards.size,
        );
        expect(index.sealable()).toEqual(sealable.map(({ sweepId }) => sweepId));
      }
    }),
  );
});
