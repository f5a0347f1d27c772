import type { Log } from "../../shared/bus/log.ts";
import type { Digest } from "../../shared/domain/cell.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import type { LogState } from "../../shared/domain/fold.ts";
import { fleetSweep, type LogEvent } from "../../shared/domain/log-event.ts";
import type { Fire, Schedule } from "../../shared/domain/schedule.ts";
import type { Logger } from "../../shared/runtime/logger.ts";
import { decideFire } from "../logic/schedule/decide-fire.ts";
import type { FireTimes } from "../logic/schedule/fire-times.ts";
import { fireToStart, replacedFires } from "../logic/schedule/open-fires.ts";
import type { SweepPlan } from "../logic/sweep-plan.ts";
import { type SweepSource, submitPlan } from "../submit.ts";
import { firedSweepId } from "./cron-times.ts";

/** What a schedule's loops need of the coordinator. */
export interface FoldedLog {
  readonly state: LogState;
  readonly caughtUp: boolean;
  folded(seq: number, signal: AbortSignal): Promise<void>;
}

export interface ScheduleKeeperDeps {
  readonly coordinator: FoldedLog;
  readonly log: Log;
  /** Plans for the hosts that are there now. @throws sweep.unplaceable, sweep.invalid */
  readonly plan: (source: SweepSource) => SweepPlan;
  readonly times: FireTimes;
  readonly digest: Digest;
  readonly logger: Logger;
  readonly randomId: () => string;
  /** Of this coordinator, for as long as it runs. */
  readonly coordinatorId: string;
  /** Wall clock. */
  readonly nowMs: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

const limits = {
  stepMs: 1_000,
  /** Decisions of one schedule in one step; the next step takes the rest. */
  decisionsPerStep: 200,
  /** Another coordinator's fire is started here when it has done nothing for so long. */
  takeOverAfterMs: 20_000,
  /** Between two tries to place a sweep that no host could run. */
  retryPlanMs: 10_000,
} as const;

/**
 * Fires schedules. Like the coordinator it holds no state: it proposes, and the first decision of a fire
 * in the log is the one, so any number of coordinators may do this at once.
 */
export class ScheduleKeeper {
  readonly #deps: ScheduleKeeperDeps;
  /** When this coordinator first tried to place a fire's sweep, and when it may try again. */
  readonly #tries = new Map<string, { readonly firstMs: number; readonly nextMs: number }>();

  constructor(deps: ScheduleKeeperDeps) {
    this.#deps = deps;
  }

  /** Runs until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    for (;;) {
      await this.#deps.sleep(limits.stepMs, signal);
      await this.step(signal);
    }
  }

  /** Looks at every schedule once. What the log does not take now is tried again in the next step. */
  async step(signal: AbortSignal): Promise<void> {
    const { coordinator, logger } = this.#deps;
    if (!coordinator.caughtUp) return;
    for (const name of coordinator.state.schedules.keys()) {
      try {
        await this.#decide(name, signal);
        await this.#replace(name, signal);
        await this.#start(name, signal);
      } catch (error) {
        if (signal.aborted) throw error;
        logger.warn({ err: error, schedule: name }, "a schedule could not be served; trying again");
      }
    }
  }

  async #decide(name: string, signal: AbortSignal): Promise<void> {
    const { coordinator, times, digest, nowMs } = this.#deps;
    for (let decided = 0; decided < limits.decisionsPerStep; decided += 1) {
      const schedule = coordinator.state.schedules.get(name);
      if (schedule === undefined) return;
      const decision = decideFire(coordinator.state, schedule, { times, digest, nowMs: nowMs() });
      if (decision === null) return;
      const afterMs = schedule.decidedToMs;
      const of = { sweepId: fleetSweep, schedule: name, afterMs } as const;
      if (decision.type === "passed") await this.#append({ ...decision, ...of }, signal);
      else await this.#append({ ...decision, ...of, ...this.#signFire(name, decision) }, signal);
    }
  }

  #signFire(name: string, { fireAtMs }: { readonly fireAtMs: number }) {
    return {
      firedSweepId: firedSweepId(name, fireAtMs),
      by: "clock",
      decidedAtMs: this.#deps.nowMs(),
      coordinatorId: this.#deps.coordinatorId,
    } as const;
  }

  async #replace(name: string, signal: AbortSignal): Promise<void> {
    const { state } = this.#deps.coordinator;
    const schedule = state.schedules.get(name);
    if (schedule === undefined) return;
    for (const { sweepId } of replacedFires(state, schedule)) {
      const reason = "a later fire of its schedule takes its place";
      if (state.sweeps.has(sweepId)) {
        await this.#append({ type: "cancelled", sweepId, reason }, signal);
      } else await this.#giveUp(name, { sweepId, reason }, signal);
    }
  }

  async #start(name: string, signal: AbortSignal): Promise<void> {
    const { coordinator, log, randomId, nowMs } = this.#deps;
    const schedule = coordinator.state.schedules.get(name);
    const fire = schedule === undefined ? null : fireToStart(coordinator.state, schedule);
    if (schedule === undefined || fire === null || !this.#isOurs(fire)) return;
    const plan = await this.#plan(schedule, fire, signal);
    if (plan === null) return;
    const { sweepId } = fire;
    const { source } = schedule;
    const submission = { sweepId, source, nowMs: nowMs(), planId: randomId() };
    const { seq } = await submitPlan(plan, submission, log);
    await coordinator.folded(seq, signal);
    this.#tries.delete(sweepId);
  }

  /** Whether to try the fire now: it is ours, or its coordinator has had its time. */
  #isOurs({ sweepId, coordinatorId, decidedAtMs }: Fire): boolean {
    const nowMs = this.#deps.nowMs();
    const isOwn = coordinatorId === this.#deps.coordinatorId;
    if (!isOwn && nowMs - decidedAtMs < limits.takeOverAfterMs) return false;
    return nowMs >= (this.#tries.get(sweepId)?.nextMs ?? 0);
  }

  /** Null where the sweep cannot be placed now; after too long, or for good, the log hears why. */
  async #plan(schedule: Schedule, fire: Fire, signal: AbortSignal): Promise<SweepPlan | null> {
    const nowMs = this.#deps.nowMs();
    const { firstMs } = this.#tries.get(fire.sweepId) ?? { firstMs: nowMs };
    try {
      return this.#deps.plan({ fileName: schedule.fileName, text: schedule.source });
    } catch (error) {
      if (!(error instanceof FleetsweepError)) throw error;
      const mayBePlacedLater = error.code === "sweep.unplaceable";
      const waitedMs = nowMs - firstMs;
      if (mayBePlacedLater && waitedMs < schedule.spec.startWithinMinutes * 60_000) {
        this.#tries.set(fire.sweepId, { firstMs, nextMs: nowMs + limits.retryPlanMs });
        return null;
      }
      const reason = error.message.slice(0, 4_000);
      await this.#giveUp(schedule.name, { sweepId: fire.sweepId, reason }, signal);
      return null;
    }
  }

  async #giveUp(
    schedule: string,
    { sweepId: firedSweepId, reason }: { readonly sweepId: string; readonly reason: string },
    signal: AbortSignal,
  ): Promise<void> {
    this.#tries.delete(firedSweepId);
    const of = { sweepId: fleetSweep, schedule, firedSweepId } as const;
    await this.#append({ type: "unstarted", ...of, reason }, signal);
  }

  async #append(event: LogEvent, signal: AbortSignal): Promise<void> {
    const seq = await this.#deps.log.append(event, { messageId: this.#deps.randomId(), signal });
    await this.#deps.coordinator.folded(seq, signal);
  }
}
