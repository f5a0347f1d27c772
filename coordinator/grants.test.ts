import { expect, test } from "vitest";
import { makeMemoryLog } from "../shared/bus/memory-log.ts";
import { applyEvent, emptyLogState } from "../shared/domain/fold.ts";
import type { LogEvent } from "../shared/domain/log-event.ts";
import { silentLogger } from "../shared/runtime/logger.ts";
import { grant, hostId, planned, submitted } from "../shared/testing/log-events.ts";
import { Grants } from "./grants.ts";
import { WorkIndex } from "./logic/work-index.ts";
import { Proposals } from "./proposals.ts";
import { type HostSession, Sessions } from "./sessions.ts";

/** A host with three shards, of which the first `granted` are granted, and what is proposed for it. */
function setUp(granted: number) {
  const shardIds = ["h1-0001", "h1-0002", "h1-0003"];
  const state = emptyLogState();
  const index = new WorkIndex();
  const events: LogEvent[] = [
    ...shardIds.map((shardId) => planned({ shardId })),
    submitted({ shardCount: 3 }),
    ...shardIds.slice(0, granted).map((shardId) => ({ ...grant(`g-${shardId}`), shardId })),
  ];
  for (const event of events) index.note(state, applyEvent(state, event));
  const sessions = new Sessions();
  const session = {
    facts: { hostId },
    connected: true,
    reconciled: true,
    idleSinceMs: null,
    refusal: null,
    instanceId: "i1",
  } as unknown as HostSession;
  sessions.attach(session);
  const proposed: string[] = [];
  const log = makeMemoryLog();
  const append: typeof log.append = (event, options) => {
    proposed.push("shardId" in event ? event.shardId : "");
    return log.append(event, options);
  };
  const randomId = (): string => "g";
  const nowMs = (): number => 0;
  const proposals = new Proposals({
    log: { ...log, append },
    logger: silentLogger,
    randomId,
    nowMs,
  });
  const policy = { idleAfterMs: 60_000 };
  const grants = new Grants({ state, index, sessions, proposals, randomId, nowMs, policy });
  return { grants, session, proposed };
}

test("a host that measures gets its next grant when all of the last one is counted", () => {
  const { grants, proposed } = setUp(1);
  grants.dispatch(hostId);
  expect(proposed).toEqual([]);
  const free = setUp(0);
  free.grants.dispatch(hostId);
  expect(free.proposed).toEqual(["h1-0001"]);
});

test("a host that says it is idle gets its next grant while the last results are counted, and no third", () => {
  const { grants, session, proposed } = setUp(1);
  session.idleSinceMs = 5;
  grants.dispatch(hostId);
  expect(proposed).toEqual(["h1-0002"]);
  const two = setUp(2);
  two.session.idleSinceMs = 5;
  two.grants.dispatch(hostId);
  expect(two.proposed).toEqual([]);
});
