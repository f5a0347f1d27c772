import { expect, test } from "vitest";
import type { Log } from "../../shared/bus/log.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { applyEvent, emptyLogState } from "../../shared/domain/fold.ts";
import type { LogEvent } from "../../shared/domain/log-event.ts";
import { silentLogger } from "../../shared/runtime/logger.ts";
import { planned, submitted } from "../../shared/testing/log-events.ts";
import { fired, ofSchedule, scheduled } from "../../shared/testing/schedule-events.ts";
import type { Delivery } from "./deliver.ts";
import { ScheduleReporter } from "./schedule-reporter.ts";

const { signal } = new AbortController();
const sweepId = "nightly@100";
const cancelled: readonly LogEvent[] = [
  planned({ sweepId }),
  submitted({ sweepId }),
  { type: "cancelled", sweepId, reason: "by ann" },
];

interface World {
  /** What the log does with a conclusion; it is folded unless this throws or says false. */
  readonly takes?: () => boolean;
  readonly failure?: FleetsweepError;
  readonly coordinatorId?: string;
}

/** A coordinator with one fire whose sweep was cancelled, a log that folds at once, and one channel. */
function makeWorld({ takes = () => true, failure, coordinatorId = "a" }: World = {}) {
  const state = emptyLogState();
  for (const event of [scheduled(), fired(), ...cancelled]) applyEvent(state, event);
  const appended: LogEvent[] = [];
  const told: Delivery[] = [];
  const clock = { nowMs: 1_000 };
  const log: Pick<Log, "append"> = {
    append: async (event) => {
      appended.push(event);
      if (event.type !== "concluded" || takes()) applyEvent(state, event);
      return appended.length;
    },
  };
  const nothing = () => Promise.reject(new Error("a cancelled sweep is not compared"));
  const reporter = new ScheduleReporter({
    coordinator: { state, caughtUp: true, folded: async () => {}, projected: async () => {} },
    log: log as Log,
    store: { readReportInput: nothing, readHistory: nothing },
    channels: [{ name: "team", exec: ["/bin/true"], on: "attention" }],
    deliver: async (delivery) => {
      told.push(delivery);
      if (failure !== undefined) throw failure;
    },
    logger: silentLogger,
    randomId: () => `id${appended.length}`,
    random: () => 0.5,
    coordinatorId,
    nowMs: () => clock.nowMs,
    sleep: async () => {},
  });
  /** Steps once a second for so long. */
  const run = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      clock.nowMs += 1_000;
      await reporter.step(signal);
    }
  };
  const of = (type: LogEvent["type"]) => appended.filter((event) => event.type === type);
  return { state, told, clock, run, of };
}

test("a fire that is over is concluded once, and its channel told once", async () => {
  const { told, run, of } = makeWorld();
  await run(10);
  expect(of("concluded")).toMatchObject([
    {
      firedSweepId: sweepId,
      conclusion: { outcome: "cancelled", problem: "by ann", cells: 2, coordinatorId: "a" },
    },
  ]);
  expect(told).toMatchObject([{ channel: { name: "team" }, key: sweepId }]);
  expect(of("notified")).toMatchObject([{ channel: "team", delivered: true, attempts: 1 }]);
});

test("a conclusion that the log refuses is tried ten times with growing waits, and then no more", async () => {
  const { run, of, told } = makeWorld({ takes: () => false });
  await run(3);
  expect(of("concluded")).toHaveLength(2);
  await run(7_200);
  expect(of("concluded")).toHaveLength(10);
  expect(told).toEqual([]);
});

test("a log that is away for a while gets the conclusion when it is back", async () => {
  let tries = 0;
  const takes = (): boolean => {
    tries += 1;
    if (tries < 4) throw new FleetsweepError("bus.unavailable", "no answer");
    return true;
  };
  const { run, of, told } = makeWorld({ takes });
  await run(60);
  expect(of("concluded")).toHaveLength(4);
  expect(told).toHaveLength(1);
});

test("what a channel may take later is tried five times, what it never takes once", async () => {
  const later = makeWorld({ failure: new FleetsweepError("link.unavailable", "busy") });
  await later.run(3);
  expect(later.of("notified")).toMatchObject([{ delivered: false, attempts: 5 }]);
  const never = makeWorld({ failure: new FleetsweepError("config.invalid", "no such hook") });
  await never.run(3);
  expect(never.of("notified")).toMatchObject([{ delivered: false, attempts: 1 }]);
});

test("another coordinator's conclusion is told when that one has not for five minutes, and not after a day", async () => {
  const other = { outcome: "cancelled", cells: 2, failedCells: 0, changedCells: 0 } as const;
  const rest = { previous: null, baseline: null, problem: null, atMs: 1_000, coordinatorId: "b" };
  const conclusion = { ...other, ...rest };
  const concluded = {
    type: "concluded",
    ...ofSchedule,
    firedSweepId: sweepId,
    conclusion,
  } as const;
  const world = makeWorld();
  applyEvent(world.state, concluded);
  await world.run(298);
  expect(world.told).toEqual([]);
  await world.run(5);
  expect(world.told).toHaveLength(1);
  const late = makeWorld();
  applyEvent(late.state, concluded);
  late.clock.nowMs = 100_000_000;
  await late.run(3);
  expect(late.told).toEqual([]);
});
