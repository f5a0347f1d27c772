import { expect, test } from "vitest";
import { grant, hostId, result } from "../shared/testing/log-events.ts";
import { Presence } from "./presence.ts";
import { Sessions } from "./sessions.ts";

/** A coordinator that the host does not reach, at a time of its own. */
function watching() {
  let now = 0;
  const presence = new Presence({ sessions: new Sessions(), nowMs: () => now });
  return {
    presence,
    at: (ms: number) => {
      now = ms;
    },
  };
}

test("a host is alive when the log takes a result of it", () => {
  const { presence, at } = watching();
  at(5_000);
  presence.noted({ event: result(), ignored: "stale-grant" });
  expect(presence.of(hostId)).toMatchObject({ connected: false, seenMs: 5_000 });
});

test("a host is alive when another coordinator grants it a shard, for that one hears it", () => {
  const { presence, at } = watching();
  at(5_000);
  presence.noted({ event: grant("g1"), ignored: null });
  at(9_000);
  presence.noted({ event: grant("g2"), ignored: "shard-not-open" });
  expect(presence.of(hostId)).toMatchObject({ connected: false, seenMs: 5_000 });
});
