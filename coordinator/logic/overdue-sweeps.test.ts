import { expect, test } from "vitest";
import { applyEvent, emptyLogState, type LogState } from "../../shared/domain/fold.ts";
import type { LogEvent } from "../../shared/domain/log-event.ts";
import { precisionModes } from "../../shared/domain/method.ts";
import { planned, submitted, sweepId } from "../../shared/testing/log-events.ts";
import { overdueSweeps } from "./overdue-sweeps.ts";

function stateOf(...events: readonly LogEvent[]): LogState {
  const state = emptyLogState();
  for (const event of events) applyEvent(state, event);
  return state;
}

const limited = { ...precisionModes.smoke, maxSweepSeconds: 60 };

test("an open sweep is overdue from its limit on, and the reason names the limit", () => {
  const state = stateOf(planned(), submitted({ method: limited, submittedAtMs: 5_000 }));
  expect(overdueSweeps(state, 64_999)).toEqual([]);
  expect(overdueSweeps(state, 65_000)).toEqual([
    { sweepId, reason: "the sweep was not done within its max_sweep_seconds of 60 s" },
  ]);
});

test("a sweep without a limit, one that is planned and one that is cancelled are never overdue", () => {
  const cancelled = { type: "cancelled", sweepId, reason: "test" } as const;
  const old = Number.MAX_SAFE_INTEGER;
  expect(overdueSweeps(stateOf(planned(), submitted()), old)).toEqual([]);
  expect(overdueSweeps(stateOf(planned()), old)).toEqual([]);
  const ended = stateOf(planned(), submitted({ method: limited }), cancelled);
  expect(overdueSweeps(ended, old)).toEqual([]);
});
