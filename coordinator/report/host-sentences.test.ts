import { expect, test } from "vitest";
import type { SystemState } from "../../shared/domain/topology.ts";
import { unknownTopology } from "../../shared/domain/unknown-topology.ts";
import { hostLines } from "./host-lines.ts";
import { explainHosts } from "./host-sentences.ts";
import type { ListedHost } from "./hosts-table.ts";

const nowMs = 1_000_000_000;

function makeHost(hostId: string, other: Partial<ListedHost> = {}): ListedHost {
  return {
    hostId,
    state: "idle",
    hostClass: "x",
    agentVersion: "0.1.0",
    currentSweepId: "",
    spoolDepth: 0,
    spoolBytes: 0,
    lastSeenMs: nowMs - 2_000,
    cordonMode: "",
    cordonBy: "",
    topology: unknownTopology,
    heardBy: "",
    runners: [],
    labels: {},
    ...other,
  };
}

function ofClass(hostId: string, hostClass: string, governor: string): ListedHost {
  const state: Partial<SystemState> = { scalingGovernor: { [governor]: "0-223" } };
  const topology = { ...unknownTopology, system: { ...unknownTopology.system, ...state } };
  return makeHost(hostId, { hostClass, topology });
}

const many = (count: number, other: Partial<ListedHost>): ListedHost[] =>
  Array.from({ length: count }, (_, n) => makeHost(`f${n}`, other));

test("of hosts of one class that are at work there is nothing to say", () => {
  expect(explainHosts(many(3, {}), nowMs)).toEqual([]);
  expect(explainHosts([], nowMs)).toEqual([]);
});

test("hosts that only another coordinator hears are named with it, those that are away with none", () => {
  const heardBy = "10.0.0.2:7421";
  const gone = makeHost("g", { heardBy, state: "away", lastSeenMs: 0 });
  expect(explainHosts([makeHost("a"), ...many(9, { heardBy }), gone], nowMs)).toEqual([
    "heard by coordinator 10.0.0.2:7421, not by this one: f0, f1, f2, f3, f4, f5, f6, f7 and 1 more",
  ]);
});

test("a host that is odd is named with the first facet in which it differs from the many", () => {
  const usual = [ofClass("a", "x", "performance"), ofClass("c", "x", "performance")];
  expect(explainHosts([...usual, ofClass("b", "y", "powersave")], nowMs)).toEqual([
    "y (b) differs from x in governor: powersave, not performance",
  ]);
  expect(explainHosts(usual, nowMs)).toEqual([]);
});

test("hosts that are not at work for one reason are named together, with how they get work again", () => {
  const state = "draining, measuring: new microcode: rev 2";
  const drained = many(2, { state, cordonMode: "drain", cordonBy: "operator" });
  expect(explainHosts([makeHost("a"), ...drained], nowMs)).toEqual([
    "f0, f1 are draining, measuring: new microcode: rev 2",
    "`fleetsweep undrain f0` gives it work again",
  ]);
  const paused = makeHost("p", { state: "paused: its spool is full" });
  expect(explainHosts([paused], nowMs)).toEqual(["p is paused: its spool is full"]);
});

test("a host that a coordinator took out of service is said to be so by its decision", () => {
  const state = "drained: 2 cells failed here for good";
  const blamed = makeHost("b", { state, cordonMode: "drain", cordonBy: "coordinator" });
  expect(explainHosts([blamed], nowMs)).toEqual([
    "b is drained, as a coordinator decided: 2 cells failed here for good",
    "`fleetsweep uncordon b` gives it work again",
  ]);
});

test("of hosts that are away is said for how long, and what their spools keep", () => {
  const away = { state: "away", lastSeenMs: nowMs - 600_000 };
  const cordoned = { state: "cordoned, away: dust", lastSeenMs: nowMs - 60_000 };
  const hosts = [makeHost("a", { ...away, spoolDepth: 12 }), makeHost("b", cordoned)];
  expect(explainHosts(hosts, nowMs)).toEqual([
    "b is cordoned, away: dust",
    "not heard: a for 10 min (12 results in its spool), b for 60 s",
  ]);
  expect(explainHosts(many(10, away), nowMs)[0]).toMatch(/f7 for 10 min and 2 more$/);
});

test("what a host says of itself cannot move the cursor of a terminal", () => {
  const host = makeHost("a\u001b[2J", { state: "paused: \u001b[1A" });
  expect(explainHosts([host], nowMs)).toEqual(["a?[2J is paused: ?[1A"]);
  expect(hostLines(makeHost("a", { labels: { rack: "\u001b[2J" } }), nowMs)).toContainEqual([
    "labels",
    "rack=?[2J",
  ]);
});

test("one host is described with its agent, its spool, its sweep and what it offers", () => {
  const host = makeHost("a", {
    spoolDepth: 3,
    spoolBytes: 2_048,
    currentSweepId: "01J",
    heardBy: "10.0.0.2:7421",
    runners: [{ name: "noop" }, { name: "command" }],
  });
  expect(hostLines(host, nowMs)).toEqual([
    ["agent", "0.1.0, heard 2 s ago by coordinator 10.0.0.2:7421"],
    ["spool", "3 results, 2 KiB"],
    ["sweep", "01J"],
    ["runners", "command, noop"],
  ]);
  expect(hostLines(makeHost("a", { agentVersion: "", lastSeenMs: 0 }), nowMs)).toEqual([
    ["agent", "not heard since the coordinators began"],
    ["spool", "empty"],
  ]);
});
