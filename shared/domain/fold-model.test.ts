import { expect, test } from "vitest";
import { explore, type Scope } from "../testing/fold-model.ts";
import { sweepId } from "../testing/log-events.ts";
import { applyEvent, type LogState } from "./fold.ts";
import type { LogEvent } from "./log-event.ts";

/** More than any of the scopes has: a scope that grows beyond it would make the tests slow. */
const maxStates = 150_000;

const scopes: Readonly<Record<string, Scope>> = {
  "two coordinators grant a shard of two cells, and give it up twice": {
    shards: [{ hostId: "h1", movableTo: [], cells: 2 }],
    grants: 3,
    revokes: 2,
    moves: 0,
    repeats: 1,
  },
  "a shard moves between two hosts": {
    shards: [{ hostId: "h1", movableTo: ["h2"], cells: 1 }],
    grants: 3,
    revokes: 2,
    moves: 1,
    repeats: 2,
  },
  "two shards of two hosts change places": {
    shards: [
      { hostId: "h1", movableTo: ["h2"], cells: 1 },
      { hostId: "h2", movableTo: ["h1"], cells: 1 },
    ],
    grants: 3,
    revokes: 1,
    moves: 1,
    repeats: 0,
  },
};

test.each(Object.entries(scopes))(
  "however messages arrive, no cell is lost, none counts twice, and the sweep can end: %s",
  (_what, scope) => {
    const { violation, states } = explore(scope, maxStates);
    expect(violation).toBeNull();
    expect(states).toBeGreaterThan(1_000);
  },
);

const grantOf = (state: LogState, shardId: string): string | null =>
  state.sweeps.get(sweepId)?.shards.get(shardId)?.lastGrantId ?? null;

/** Folds that a hurried hand might write, as changes of what the right one is told. */
const faults: Readonly<Record<string, (state: LogState, event: LogEvent) => LogEvent>> = {
  "counts whoever arrives first, under any grant": (state, event) => {
    if (event.type !== "result") return event;
    const grantId = grantOf(state, event.shardId) ?? "";
    return { ...event, result: { ...event.result, grantId } };
  },
  "ignores which grant was the last": (state, event) =>
    event.type === "grant" ? { ...event, prev: grantOf(state, event.shardId) } : event,
  "revokes whatever grant is current": (state, event) =>
    event.type === "revoke" ? { ...event, grantId: grantOf(state, event.shardId) ?? "" } : event,
  "takes a repeated launch for another one": (_state, event) => {
    if (event.type !== "result") return event;
    const launch = event.result.launch + 1;
    return { ...event, result: { ...event.result, launch, terminal: null } };
  },
};

test.each(Object.entries(faults))("the walk catches a fold that %s", (_what, change) => {
  const apply: typeof applyEvent = (state, event) => applyEvent(state, change(state, event));
  const found = Object.values(scopes).map((scope) => explore(scope, maxStates, apply).violation);
  expect(found.filter((violation) => violation !== null).length).toBeGreaterThan(0);
});

test("a violation comes with the log that shows it", () => {
  const [scope] = Object.values(scopes);
  const apply: typeof applyEvent = (state, event) =>
    applyEvent(state, event.type === "grant" ? { ...event, prev: grantOf(state, "d1") } : event);
  const { violation } = explore(scope as Scope, maxStates, apply);
  expect(violation).toEqual({
    what: "a grant is accepted once",
    log: ["grant d1 g1 first h1", "revoke d1 g1", "grant d1 g1 first h1"],
  });
});

test("a walk that would take too long is refused", () => {
  const [scope] = Object.values(scopes);
  expect(() => explore(scope as Scope, 100)).toThrow("more than 100 states");
});
