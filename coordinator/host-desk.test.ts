import { expect, test } from "vitest";
import { applyEvent, emptyLogState } from "../shared/domain/fold.ts";
import type { Shard } from "../shared/domain/shard.ts";
import { cordoned, hostId } from "../shared/testing/log-events.ts";
import type { Fleet } from "./fleet.ts";
import { HostDesk, type HostDeskDeps } from "./host-desk.ts";
import type { KnownHost } from "./known-host.ts";

interface Heard {
  readonly connected?: boolean;
  readonly state?: string;
  readonly grants?: number;
}

function stateOf(
  { connected = true, state = "idle", grants = 0 }: Heard,
  mode?: "cordon" | "drain",
) {
  const folded = emptyLogState();
  if (mode !== undefined) applyEvent(folded, cordoned({ mode, reason: "a new disk" }));
  const host = { hostId, connected, state, refusal: null } as KnownHost;
  const held = Array.from({ length: grants }, () => ({}) as Shard);
  const coordinator = { state: folded, grants: { of: () => held } };
  const desk = new HostDesk({
    coordinator,
    fleet: { get: () => host } as unknown as Fleet,
  } as unknown as HostDeskDeps);
  return desk.stateOf(hostId);
}

test("a host is drained when it measures nothing and holds no grant, not before", () => {
  expect(stateOf({ state: "measuring", grants: 1 }, "drain")).toBe(
    "draining, measuring: a new disk",
  );
  // What it said a heartbeat ago: the grant may have come since.
  expect(stateOf({ state: "idle", grants: 1 }, "drain")).toBe("draining: a new disk");
  expect(stateOf({ state: "measuring" }, "drain")).toBe("draining, measuring: a new disk");
  expect(stateOf({}, "drain")).toBe("drained: a new disk");
});

test("a host that nobody hears may measure yet, and a cordoned one goes on", () => {
  expect(stateOf({ connected: false }, "drain")).toBe("draining, away: a new disk");
  expect(stateOf({ state: "measuring", grants: 1 }, "cordon")).toBe(
    "cordoned, measuring: a new disk",
  );
  expect(stateOf({}, "cordon")).toBe("cordoned: a new disk");
  expect(stateOf({ connected: false })).toBe("away");
  expect(stateOf({ state: "measuring" })).toBe("measuring");
});
