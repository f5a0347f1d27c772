import { expect, test } from "vitest";
import { Coordinator } from "../coordinator/coordinator.ts";
import { defaultHostPolicy } from "../coordinator/logic/decide-hosts.ts";
import type { SweepPlan } from "../coordinator/logic/sweep-plan.ts";
import { firedSweepId, makeCronTimes } from "../coordinator/schedules/cron-times.ts";
import { ScheduleKeeper } from "../coordinator/schedules/schedule-keeper.ts";
import { Sessions } from "../coordinator/sessions.ts";
import type { Log } from "../shared/bus/log.ts";
import { type MemoryLog, makeMemoryLog } from "../shared/bus/memory-log.ts";
import { FleetsweepError } from "../shared/domain/errors.ts";
import { applyEvent, emptyLogState } from "../shared/domain/fold.ts";
import { precisionModes } from "../shared/domain/method.ts";
import { silentLogger } from "../shared/runtime/logger.ts";
import { sha256 } from "../shared/runtime/random-id.ts";
import { sleep } from "../shared/runtime/sleep.ts";
import { emptySchedule, scheduled } from "../shared/testing/schedule-events.ts";
import { Chance } from "./simulation/chance.ts";
import { firesByWallClock } from "./support/wall-clock-fires.ts";

const minuteMs = 60_000;
const year = { fromMs: Date.UTC(2026, 0, 1), toMs: Date.UTC(2027, 0, 1) };

/** Clocks go forward over a fire, back over one, and by half an hour. */
const schedules = [
  { schedule: "paris", timeZone: "Europe/Paris", hour: 2, minute: 30 },
  { schedule: "new-york", timeZone: "America/New_York", hour: 1, minute: 30 },
  { schedule: "lord-howe", timeZone: "Australia/Lord_Howe", hour: 2, minute: 0 },
] as const;

test.each([1])(
  "over a year in three time zones every fire starts one sweep, whichever of two coordinators dies when (seed %i)",
  {
    timeout: 240_000,
  },
  async (seed) => {
    const world = new ScheduleWorld(seed);
    await world.addSchedules();
    while (world.nowMs < year.toMs) await world.step({ faults: true });
    // Faults stop: what was not started yet, is.
    for (let steps = 0; steps < 50; steps += 1) await world.step({ faults: false });
    await world.stop();
    const started = await world.startedSweeps();
    for (const { schedule, ...wall } of schedules) {
      const due = firesByWallClock(wall, { ...year, toMs: world.lastDueMs });
      const own = started.filter((sweepId) => sweepId.startsWith(`${schedule}@`));
      expect(own).toEqual(due.map((fireAtMs) => firedSweepId(schedule, fireAtMs)));
      expect(own.length).toBeGreaterThan(364);
    }
    // The faults were there: coordinators died, and plans of both stood in the log at once.
    expect(world.deaths).toBeGreaterThan(20);
    expect(world.losingPlans).toBeGreaterThan(0);
  },
);

interface Member {
  readonly coordinator: Coordinator;
  readonly keeper: ScheduleKeeper;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

/** Two coordinators on one log and one clock; either may die in the midst of anything. */
class ScheduleWorld {
  nowMs: number = year.fromMs;
  deaths = 0;
  losingPlans = 0;
  readonly #chance: Chance;
  readonly #log: MemoryLog = makeMemoryLog();
  readonly #members: (Member | null)[] = [null, null];
  #faults = true;

  constructor(seed: number) {
    this.#chance = new Chance(seed);
  }

  /** Fires up to here have started, for a step looks at everything that is due. */
  get lastDueMs(): number {
    return this.nowMs;
  }

  async addSchedules(): Promise<void> {
    for (const { schedule, timeZone, hour, minute } of schedules) {
      const cron = `${minute} ${hour} * * *`;
      const spec = { ...emptySchedule, cron, timeZone, missed: "all", keep: 20 } as const;
      const lasting = { ...spec, startWithinMinutes: 10_080 };
      const event = scheduled({ schedule, spec: lasting, atMs: year.fromMs - 1 });
      await this.#log.append(event, { messageId: this.#chance.id() });
    }
  }

  async step({ faults }: { faults: boolean }): Promise<void> {
    this.#faults = faults;
    // Mostly short steps, sometimes a weekend in which nobody is there.
    const away = faults && this.#chance.odds(0.002);
    this.nowMs += (away ? 3_000 : this.#chance.whole(1, faults ? 360 : 2)) * minuteMs;
    for (const index of [0, 1]) {
      if (this.#members[index] === null && (!faults || this.#chance.odds(0.7))) {
        this.#members[index] = await this.#start(index);
      }
    }
    await Promise.all(this.#members.map((member, index) => this.#stepMember(member, index)));
    await this.#endSweeps();
  }

  async #stepMember(member: Member | null, index: number): Promise<void> {
    if (member === null) return;
    const stepped = member.keeper.step(member.stop.signal).catch((error: unknown) => {
      if (!member.stop.signal.aborted) throw error;
    });
    if (this.#faults && this.#chance.odds(0.01)) {
      for (let turns = this.#chance.whole(0, 40); turns > 0; turns -= 1) await Promise.resolve();
      await this.#kill(index);
    }
    await stepped;
  }

  async #start(index: number): Promise<Member> {
    const skewMs = this.#chance.whole(-2_000, 2_000);
    const nowMs = (): number => this.nowMs + skewMs;
    const stop = new AbortController();
    const log = this.#unreliable();
    const randomId = this.#chance.id;
    const parts = { log, logger: silentLogger, randomId, nowMs, sleep };
    const store = { cursor: Number.MAX_SAFE_INTEGER, apply: nothing, putHost: nothing };
    const coordinator = new Coordinator({
      ...parts,
      store: { ...store, attemptsOf: async () => [] },
      sessions: new Sessions(),
      policy: defaultHostPolicy,
      releaseAfterMs: 0,
    });
    const ended = coordinator.run(stop.signal);
    const keeper = new ScheduleKeeper({
      ...parts,
      coordinator,
      plan: () => this.#plan(index),
      times: makeCronTimes(),
      digest: sha256,
      coordinatorId: randomId(),
    });
    await coordinator.folded((await this.#log.head()).lastSeq, stop.signal);
    return { coordinator, keeper, stop, ended };
  }

  /** Each coordinator sees other hosts, and sometimes none. */
  #plan(index: number): SweepPlan {
    if (this.#faults && this.#chance.odds(0.2)) {
      throw new FleetsweepError("sweep.unplaceable", "no host is connected");
    }
    const shards = Array.from({ length: index + 2 }, (_, shard) => ({
      shardId: `h${index}-000${shard}`,
      cells: [{ cellId: `c${shard}`, cell: { cores: shard } }],
      movableTo: [],
    }));
    const host = { hostId: `h${index}`, shards, pruned: [], placements: [] };
    const hosts = [{ ...host, estimatedSeconds: 1, estimateBasis: "" }];
    return { name: "test", method: precisionModes.smoke, hosts, unmatched: [] };
  }

  /** The log as one sees it through a network: entries get lost, or their acknowledgement does. */
  #unreliable(): Log {
    const log = this.#log;
    return {
      ...log,
      append: async (event, options) => {
        const lost = new FleetsweepError("bus.unavailable", "the network");
        if (this.#faults && this.#chance.odds(0.05)) throw lost;
        const seq = await log.append(event, options);
        if (this.#faults && this.#chance.odds(0.05)) throw lost;
        return seq;
      },
    };
  }

  async #endSweeps(): Promise<void> {
    const state = this.#members.find((member) => member !== null)?.coordinator.state;
    for (const { sweepId, phase } of state?.sweeps.values() ?? []) {
      if (phase !== "open" || (this.#faults && this.#chance.odds(0.3))) continue;
      const event = { type: "cancelled", sweepId, reason: "over" } as const;
      await this.#log.append(event, { messageId: this.#chance.id() });
    }
    const { lastSeq } = await this.#log.head();
    for (const member of this.#members) {
      if (member !== null) await member.coordinator.folded(lastSeq, member.stop.signal);
    }
  }

  async #kill(index: number): Promise<void> {
    const member = this.#members[index];
    if (!member) return;
    this.#members[index] = null;
    this.deaths += 1;
    member.stop.abort();
    await member.ended;
  }

  async stop(): Promise<void> {
    for (const index of [0, 1]) await this.#kill(index);
  }

  /** Every sweep whose submission was accepted, in order; by a reader of its own. */
  async startedSweeps(): Promise<readonly string[]> {
    const { lastSeq } = await this.#log.head();
    const state = emptyLogState();
    const started: string[] = [];
    for await (const entry of this.#log.read({
      fromSeq: 1,
      signal: new AbortController().signal,
    })) {
      if ("corrupt" in entry) throw new Error(entry.corrupt);
      const { ignored } = applyEvent(state, entry.event);
      if (entry.event.type === "submitted") {
        if (ignored === null) started.push(entry.event.sweepId);
        else this.losingPlans += 1;
      }
      if (entry.seq === lastSeq) break;
    }
    return started;
  }
}

async function nothing(): Promise<void> {}
