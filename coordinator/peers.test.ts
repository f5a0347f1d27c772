import { expect, test } from "vitest";
import type { PeerChannel } from "../shared/bus/peer-channel.ts";
import { silentLogger } from "../shared/runtime/logger.ts";
import { sha256 } from "../shared/runtime/random-id.ts";
import { sleep } from "../shared/runtime/sleep.ts";
import { makeMemoryPeers } from "../shared/testing/memory-peers.ts";
import { makeTopology } from "../shared/testing/topologies.ts";
import { makeSession } from "../test/support/host-session.ts";
import { Fleet } from "./fleet.ts";
import { Peers } from "./peers.ts";
import { Presence } from "./presence.ts";
import { type HostFacts, type HostSession, Sessions } from "./sessions.ts";

const topology = makeTopology({ packages: 2, nodesPerPackage: 1, coresPerNode: 4 });
const factsOf = (hostId: string): HostFacts => ({
  hostId,
  agentVersion: "1.2",
  topology,
  runners: [],
  labels: { rack: "7" },
});

/** Some coordinators of one log that hear each other, at a time of their own. */
class Room {
  nowMs = 0;
  readonly channel: PeerChannel;
  readonly kept: HostFacts[] = [];
  readonly #stop = new AbortController();
  readonly #running: Promise<void>[] = [];

  constructor(channel = makeMemoryPeers()) {
    this.channel = channel;
  }

  enter(coordinatorId: string, sessions: readonly HostSession[] = []) {
    const own = new Sessions();
    for (const session of sessions) own.attach(session);
    const nowMs = (): number => this.nowMs;
    const peers = new Peers({
      channel: this.channel,
      sessions: own,
      coordinatorId,
      address: () => `${coordinatorId}:7421`,
      digest: sha256,
      logger: silentLogger,
      nowMs,
      keep: (facts) => this.kept.push(facts),
      sleep,
    });
    // It listens from its start; its steps are taken by hand.
    this.#running.push(peers.run(this.#stop.signal));
    return {
      peers,
      sessions: own,
      fleet: new Fleet(own, peers),
      presence: new Presence({ sessions: own, peers, nowMs }),
    };
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }
}

test("a coordinator knows the hosts that only another one hears, with what they do and what they are", async () => {
  const room = new Room();
  const progress = { grantId: "g", sweepId: "s1", cellId: "c1", launch: 3, phase: "measuring" };
  const session = makeSession({
    facts: factsOf("h1"),
    state: "measuring",
    spoolDepth: 4,
    lastSeenMs: -2_000,
    progress: { ...progress, cellsDone: 1, cellsTotal: 2 },
  });
  const a = room.enter("a", [session]);
  const b = room.enter("b");
  b.peers.step(); // Asks what the host is.
  expect(b.fleet.all()).toEqual([
    {
      hostId: "h1",
      facts: factsOf("h1"),
      heardBy: "a:7421",
      connected: true,
      state: "measuring",
      refusal: null,
      spoolDepth: 4,
      spoolBytes: 0,
      lastSeenMs: -2_000,
      progress: { sweepId: "s1", cellId: "c1", launch: 3, phase: "measuring" },
    },
  ]);
  expect(room.kept).toEqual([factsOf("h1")]);
  expect(a.fleet.all()).toMatchObject([{ hostId: "h1", heardBy: "" }]);
  expect(b.presence.of("h1")).toMatchObject({ connected: true, ready: false });
  await room.close();
});

test("a host that a coordinator hears itself is described by its own stream", async () => {
  const room = new Room();
  room.enter("a", [makeSession({ state: "measuring" })]);
  const b = room.enter("b", [makeSession({ state: "idle" })]);
  b.peers.step();
  expect(b.fleet.all()).toMatchObject([{ hostId: "h1", state: "idle", heardBy: "" }]);
  await room.close();
});

test("with a coordinator that went silent, the hosts that it alone heard are away", async () => {
  const room = new Room();
  room.enter("a", [makeSession()]);
  const b = room.enter("b");
  b.peers.step();
  room.nowMs = 15_000;
  expect(b.fleet.get("h1")).toMatchObject({ connected: true });
  expect(b.peers.isReady("h1")).toBe(true);
  room.nowMs = 15_001;
  expect(b.fleet.get("h1")).toMatchObject({ connected: false, lastSeenMs: 0 });
  expect(b.peers.isReady("h1")).toBe(false);
  expect(b.presence.of("h1")).toMatchObject({ connected: false, seenMs: 0 });
  await room.close();
});

test("a peer that was silent for an hour is forgotten, with what it said", async () => {
  const room = new Room();
  room.enter("a", [makeSession({ facts: factsOf("h1") })]);
  const b = room.enter("b");
  b.peers.step();
  room.nowMs = 3_600_001;
  b.peers.step();
  expect(b.fleet.all()).toEqual([]);
  await room.close();
});

test("a host that a peer serves is not given up by a coordinator that never hears it", async () => {
  const room = new Room();
  const session = makeSession();
  const a = room.enter("a", [session]);
  const b = room.enter("b");
  room.nowMs = 86_000_000;
  session.lastSeenMs = room.nowMs - 1_000;
  for (const { peers } of [b, a]) peers.step();
  b.presence.look(["h1"], () => false);
  expect(b.presence.of("h1")).toMatchObject({ seenMs: 85_999_000, servedMs: 86_000_000 });
  await room.close();
});

test("who hears of no peer says only that it is there, and a fleet's list goes in parts", async () => {
  const told: string[] = [];
  const memory = makeMemoryPeers();
  const channel: PeerChannel = {
    ...memory,
    tell: (text) => {
      told.push(text);
      memory.tell(text);
    },
  };
  const room = new Room(channel);
  const fleet = Array.from({ length: 1_100 }, (_, n) => makeSession({ facts: factsOf(`h${n}`) }));
  const a = room.enter("a", fleet);
  expect(told.map((text) => text.length < 100)).toEqual([true]);
  const b = room.enter("b");
  expect([...b.peers.hostIds()]).toHaveLength(1_100);
  told.length = 0;
  a.peers.step();
  expect(told).toHaveLength(3);
  expect(Math.max(...told.map((text) => text.length))).toBeLessThan(256 * 1_024);
  await room.close();
});

test("what is no word of a coordinator changes nothing", async () => {
  const room = new Room();
  const b = room.enter("b");
  const sighting = { host_id: "h1", connected: true };
  for (const text of [
    "",
    "{",
    "[]",
    '{"type":"later","from":"a"}',
    JSON.stringify({ type: "sightings", from: "a", address: "x", sightings: [sighting] }),
    JSON.stringify({ type: "facts", from: "a", host_id: "h1", facts_id: "1" }),
  ]) {
    room.channel.tell(text);
  }
  expect(b.fleet.all()).toEqual([]);
  await room.close();
});

test("facts that cannot be read leave the host without them", async () => {
  const room = new Room();
  const b = room.enter("b");
  const seen = { connected: true, ready: true, state: "idle", refusal: null, progress: null };
  const counts = { spool_depth: 0, spool_bytes: 0, seen_ago_ms: 0 };
  const sighting = { host_id: "h1", facts_id: "1", ...seen, ...counts };
  const bad = { agent_version: "1", topology_json: "{}", runners: [], labels: {} };
  for (const word of [
    { type: "sightings", from: "a", address: "a:7421", sightings: [sighting] },
    { type: "facts", from: "a", host_id: "h1", facts_id: "1", ...bad },
  ]) {
    room.channel.tell(JSON.stringify(word));
  }
  expect(b.fleet.get("h1")).toMatchObject({ connected: true, facts: null });
  expect(room.kept).toEqual([]);
  await room.close();
});
