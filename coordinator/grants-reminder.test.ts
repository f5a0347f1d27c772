import { expect, test } from "vitest";
import type { AttachResponse } from "../proto/gen/fleetsweep/v1/AttachResponse.ts";
import { applyEvent, emptyLogState } from "../shared/domain/fold.ts";
import type { LogEvent } from "../shared/domain/log-event.ts";
import { silentLogger } from "../shared/runtime/logger.ts";
import { cordoned, grant, hostId, planned, submitted } from "../shared/testing/log-events.ts";
import { Grants } from "./grants.ts";
import { WorkIndex } from "./logic/work-index.ts";
import { Proposals } from "./proposals.ts";
import { type HostSession, Sessions } from "./sessions.ts";

const idleAfterMs = 60_000;

function granting(...events: LogEvent[]) {
  const state = emptyLogState();
  const index = new WorkIndex();
  for (const event of events) index.note(state, applyEvent(state, event));
  const sessions = new Sessions();
  const pushed: AttachResponse[] = [];
  const session = {
    facts: { hostId },
    instanceId: "i1",
    connected: true,
    reconciled: true,
    refusal: null,
    idleSinceMs: 0 as number | null,
    push: (message: AttachResponse) => pushed.push(message),
  };
  const host = session as unknown as HostSession;
  sessions.attach(host);
  const log = { append: () => new Promise<number>(() => {}) } as unknown as never;
  let now = 0;
  const nowMs = (): number => now;
  const randomId = (): string => "id";
  const proposals = new Proposals({ log, logger: silentLogger, randomId, nowMs });
  const deps = { state, index, sessions, proposals, randomId, nowMs, policy: { idleAfterMs } };
  const grants = new Grants(deps);
  const attendAt = (ms: number): number => {
    now = ms;
    grants.attend(host);
    return pushed.splice(0).filter(({ assign }) => assign !== undefined).length;
  };
  return { session, attendAt };
}

const granted = [planned(), submitted(), grant("g1")];

test("a host that has a grant and does nothing hears of it again, and not at every tick", () => {
  const { attendAt } = granting(...granted);
  expect([1_000, 60_000, 61_000, 119_000, 120_000].map(attendAt)).toEqual([0, 1, 0, 0, 1]);
});

test("a host that measures is not reminded", () => {
  const { session, attendAt } = granting(...granted);
  session.idleSinceMs = null;
  expect(attendAt(10 * idleAfterMs)).toBe(0);
});

test("a host that is drained is not reminded of the grant that it is to give back", () => {
  const { attendAt } = granting(...granted, cordoned({ mode: "drain" }));
  expect(attendAt(10 * idleAfterMs)).toBe(0);
});

test("a host without a grant is reminded of none", () => {
  const { attendAt } = granting(planned(), submitted());
  expect(attendAt(10 * idleAfterMs)).toBe(0);
});
