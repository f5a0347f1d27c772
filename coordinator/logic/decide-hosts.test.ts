import { expect, test } from "vitest";
import { applyEvent, emptyLogState } from "../../shared/domain/fold.ts";
import type { LogEvent } from "../../shared/domain/log-event.ts";
import {
  cordoned,
  grant,
  hostId,
  planned,
  result,
  shardId,
  submitted,
  sweepId,
} from "../../shared/testing/log-events.ts";
import { decideHosts, defaultHostPolicy, type HostPresence } from "./decide-hosts.ts";
import { WorkIndex } from "./work-index.ts";

const { lostAfterMs, abandonAfterMs, idleAfterMs } = defaultHostPolicy;

const present: HostPresence = {
  ready: true,
  connected: true,
  seenMs: 0,
  servedMs: 0,
  idleSinceMs: null,
  keepsResultsOf: () => false,
};
const away: HostPresence = { ...present, ready: false, connected: false };

/** What is proposed at `nowMs` after these events; hosts that are not named are ready. */
function decide(
  events: readonly LogEvent[],
  nowMs: number,
  hosts: Readonly<Record<string, HostPresence>> = {},
): LogEvent[] {
  const state = emptyLogState();
  const index = new WorkIndex();
  for (const event of events) index.note(state, applyEvent(state, event));
  const presence = (host: string) => hosts[host] ?? { ...present, servedMs: nowMs };
  const policy = defaultHostPolicy;
  return decideHosts({ state, index, nowMs, presence, policy }).map(({ event }) => event);
}

const replicate = [planned(), submitted(), grant("g1")];
const partition = [planned({ movableTo: ["h2", "h3"] }), submitted(), grant("g1")];

test("a silent host keeps a grant that no other host can take: what it measures would become orphans", () => {
  expect(decide(replicate, lostAfterMs, { [hostId]: away })).toEqual([]);
});

test("a shard that may move is taken from a silent host, and a busy host is not a silent one", () => {
  const [revoked] = decide(partition, lostAfterMs, { [hostId]: away });
  expect(revoked).toMatchObject({ type: "revoke", grantId: "g1" });
  expect(decide(partition, lostAfterMs - 1, { [hostId]: away })).toEqual([]);
  expect(decide(partition, lostAfterMs, { [hostId]: present })).toEqual([]);
  const heardLately = { ...away, seenMs: 1 };
  expect(decide(partition, lostAfterMs, { [hostId]: heardLately })).toEqual([]);
});

test("an open shard of a silent or cordoned host moves to the one of its class that has least to do", () => {
  const open = [
    planned({ movableTo: ["h2", "h3"] }),
    planned({ shardId: "h2-0001", hostId: "h2" }),
    submitted({ shardCount: 2 }),
  ];
  expect(decide(open, lostAfterMs, { [hostId]: away })).toMatchObject([
    { type: "moved", shardId, fromHostId: hostId, hostId: "h3", prev: null },
  ]);
  expect(decide([...open, cordoned()], 0)).toMatchObject([{ type: "moved", hostId: "h3" }]);
  const onlyH2 = { [hostId]: away, h3: away };
  expect(decide(open, lostAfterMs, onlyH2)).toMatchObject([{ type: "moved", hostId: "h2" }]);
});

test("what a host owes is given up once it took no work for the stated limit", () => {
  expect(decide(replicate, abandonAfterMs - 1, { [hostId]: away })).toEqual([]);
  expect(decide(replicate, abandonAfterMs, { [hostId]: away })).toMatchObject([
    { type: "abandoned", shardId, hostId, reason: "host h1 took no work for 1440 min" },
  ]);
});

test("a grant of which an idle agent keeps nothing is taken back, so that it comes again", () => {
  const idle = { ...present, idleSinceMs: 0, servedMs: idleAfterMs };
  expect(decide(replicate, idleAfterMs, { [hostId]: idle })).toMatchObject([
    { type: "revoke", grantId: "g1" },
  ]);
  const keeping = { ...idle, keepsResultsOf: () => true };
  expect(decide(replicate, idleAfterMs, { [hostId]: keeping })).toEqual([]);
  expect(decide(replicate, idleAfterMs - 1, { [hostId]: idle })).toEqual([]);
});

/** A sweep that every host measures; each in its own shard under its own grant. */
function everywhere(...hosts: string[]): LogEvent[] {
  const shards = hosts.map((host) => ({ shardId: `${host}-1`, hostId: host }));
  return [
    ...shards.map((shard) => planned(shard)),
    submitted({ shardCount: hosts.length }),
    ...shards.map((shard) => ({ ...grant(`g-${shard.hostId}`), ...shard })),
  ];
}

function ended(
  host: string,
  cellId: string,
  terminal: "ok" | "failed",
  reason = "crashed",
): LogEvent {
  const outcome = { type: "failed", reason, message: "test", stderrTail: "" } as const;
  const place = { hostId: host, shardId: `${host}-1`, grantId: `g-${host}` };
  return result({ ...place, cellId, terminal, outcome });
}

test("a cell is quarantined when it failed on two hosts and passed on none", () => {
  const three = everywhere("h1", "h2", "h3");
  const once = [...three, ended("h1", "c1", "failed")];
  expect(decide(once, 0)).toEqual([]);
  const twice = [...once, ended("h2", "c1", "failed")];
  expect(decide(twice, 0)).toMatchObject([
    { type: "quarantined", shardId: "h3-1", cellId: "c1", sweepId },
  ]);
  expect(decide([...once, ended("h2", "c1", "ok")], 0)).toEqual([]);
  const permanent = ["h1", "h2"].map((host) => ended(host, "c1", "failed", "model-missing"));
  expect(decide([...three, ...permanent], 0)).toEqual([]);
});

test("a host is cordoned for two cells that failed there and passed elsewhere, not for one", () => {
  const both = everywhere("h1", "h2");
  const one = [...both, ended("h1", "c1", "failed"), ended("h2", "c1", "ok")];
  expect(decide(one, 0)).toEqual([]);
  const two = [...one, ended("h1", "c2", "failed"), ended("h2", "c2", "ok")];
  expect(decide(two, 0)).toMatchObject([
    { type: "cordoned", hostId: "h1", by: "coordinator", mode: "drain" },
  ]);
});

test("a host is cordoned for two cells that ended its agent, unless the cells are to blame", () => {
  const interrupted = (host: string) =>
    ["c1", "c2"].map((cellId) => ended(host, cellId, "failed", "interrupted"));
  const three = everywhere("h1", "h2", "h3");
  const alone = decide([...three, ...interrupted("h1")], 0);
  expect(alone).toMatchObject([{ type: "cordoned", hostId: "h1" }]);
  const both = decide([...three, ...interrupted("h1"), ...interrupted("h2")], 0);
  expect(both.map(({ type }) => type)).toEqual(["quarantined", "quarantined"]);
});
