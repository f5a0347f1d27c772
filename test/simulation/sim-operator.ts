import type { SweepPlan } from "../../coordinator/logic/sweep-plan.ts";
import { submitPlan } from "../../coordinator/submit.ts";
import { encodeEvent } from "../../shared/bus/log-codec.ts";
import { fleetSweep, type LogEvent } from "../../shared/domain/log-event.ts";
import { precisionModes } from "../../shared/domain/method.ts";
import type { CurrentGrant } from "./oracle.ts";
import { simLog } from "./sim-log.ts";
import { noopCells, plainHost } from "./sim-plan.ts";
import { SimProcess } from "./sim-process.ts";
import { makeSchedule } from "./sim-schedule.ts";
import type { World } from "./world.ts";

const host = "operator";

/** Submits sweeps, and again until the log holds them: an operator who looks whether it worked. */
export class SimOperator {
  readonly sweepIds: string[] = [];
  readonly #world: World;
  readonly #process: SimProcess;
  /** The faults are over. */
  #isCalm = false;

  constructor(world: World) {
    this.#world = world;
    this.#process = new SimProcess(host, world.scheduler, 0);
  }

  submitSoon(delayMs: number): void {
    const sweepId = `s${this.sweepIds.length + 1}`;
    this.sweepIds.push(sweepId);
    const plan = this.#plan(sweepId);
    this.#process.after(delayMs, () => this.#submit(sweepId, plan));
  }

  /** Until the log holds it, and again where the log loses it. */
  addSchedule(): void {
    const { bus, chance, trace } = this.#world;
    const event = makeSchedule(this.#world, this.#process.nowMs());
    const log = simLog(bus, { process: this.#process, host });
    const add = (): void => {
      this.#process.after(10_000, add);
      if (this.#isCalm || bus.server.oracle.schedules.size > 0) return;
      trace.note(host, "adds a schedule");
      log.append(event, { messageId: chance.id() }).catch(() => {});
    };
    add();
  }

  /** No fire comes any more; those that were decided have to end. */
  pauseSchedules(): void {
    const { bus, chance, scheduler } = this.#world;
    this.#isCalm = true;
    const log = simLog(bus, { process: this.#process, host });
    for (const [schedule, { paused }] of bus.server.oracle.schedules) {
      if (paused) continue;
      const of = { sweepId: fleetSweep, schedule } as const;
      const event = { type: "paused", ...of, reason: "test", atMs: this.#process.nowMs() } as const;
      log.append(event, { messageId: chance.id() }).catch(() => {});
    }
    scheduler.after(10_000, () => this.pauseSchedules());
  }

  cancelOne(): void {
    const { chance, bus, trace } = this.#world;
    const sweepId = chance.pick(this.sweepIds);
    trace.note(host, `cancels ${sweepId}`);
    const log = simLog(bus, { process: this.#process, host });
    const event = {
      type: "cancelled",
      sweepId,
      reason: "the operator changed their mind",
    } as const;
    log.append(event, { messageId: chance.id() }).catch(() => {});
  }

  /** As a coordinator does that has given a host up; `behind` follows while the shard may be open. */
  revokeOne(behind: (ended: CurrentGrant) => void = () => {}): void {
    const { chance, bus, trace } = this.#world;
    const current = bus.server.oracle.currentGrants();
    if (current.length === 0) return;
    const ended = chance.pick(current);
    const { sweepId, shardId, grantId } = ended;
    trace.note(host, `revokes ${shardId} of ${sweepId}`);
    const log = simLog(bus, { process: this.#process, host });
    const event = { type: "revoke", sweepId, shardId, grantId, reason: "test" } as const;
    log.append(event, { messageId: chance.id() }).then(
      () => behind(ended),
      () => {},
    );
  }

  /** A copy of the grant was long on its way, and arrives when its shard is open again. */
  repeatGrant(): void {
    const { bus, trace } = this.#world;
    this.revokeOne(({ shardId, sweepId, grantedAt }) => {
      trace.note("network", `the grant of ${shardId} of ${sweepId} arrives once more`);
      bus.server.repeat(grantedAt);
    });
  }

  /** Another coordinator decided when it had not read the last grant, and its word arrives only when that is over. */
  decideFromBehind(): void {
    const { chance, bus, trace } = this.#world;
    this.revokeOne(({ sweepId, shardId, hostId, before: prev, movableTo }) => {
      if (!bus.server.up) return;
      const of = { sweepId, shardId, prev } as const;
      const moves = movableTo.length > 0 && chance.odds(0.5);
      const event: LogEvent = moves
        ? {
            type: "moved",
            ...of,
            fromHostId: hostId,
            hostId: chance.pick(movableTo),
            reason: "test",
          }
        : { type: "grant", ...of, hostId, grantId: chance.id() };
      trace.note("network", `a ${event.type} of one that is behind arrives for ${shardId}`);
      bus.server.append(encodeEvent(event), chance.id());
    });
  }

  /** Takes a host out of the fleet for a while; with `drain` it hands its grant back too. */
  cordonOne(): void {
    const { chance, bus, trace, hostIds } = this.#world;
    const hostId = chance.pick(hostIds);
    const mode = chance.pick(["cordon", "drain"] as const);
    trace.note(host, `${mode}s ${hostId}`);
    const log = simLog(bus, { process: this.#process, host });
    const about = { sweepId: fleetSweep, hostId, reason: "test" } as const;
    const append = (event: LogEvent): void => {
      log.append(event, { messageId: chance.id() }).catch(() => {});
    };
    append({ type: "cordoned", by: "operator", mode, ...about });
    this.#process.after(chance.between(1_000, 40_000), () => {
      append({ type: "uncordoned", ...about });
    });
  }

  /** Nobody leaves a host out of the fleet for ever. */
  uncordonAll(): void {
    const { bus, chance, scheduler } = this.#world;
    const log = simLog(bus, { process: this.#process, host });
    for (const hostId of bus.server.oracle.cordoned) {
      const event = { type: "uncordoned", sweepId: fleetSweep, hostId, reason: "test" } as const;
      log.append(event, { messageId: chance.id() }).catch(() => {});
    }
    scheduler.after(30_000, () => this.uncordonAll());
  }

  #submit(sweepId: string, plan: SweepPlan): void {
    const { bus, trace } = this.#world;
    const log = simLog(bus, { process: this.#process, host });
    const again = (): void => {
      this.#process.after(10_000, () => this.#submit(sweepId, plan));
    };
    const { phase } = bus.server.oracle.sweeps.get(sweepId) ?? { phase: "unknown" };
    if (phase !== "unknown" && phase !== "planning") {
      again(); // The log may lose it yet.
      return;
    }
    trace.note(host, `submits ${sweepId}`);
    const submission = { sweepId, source: "", nowMs: this.#process.nowMs() };
    submitPlan(plan, submission, log).then(again, again);
  }

  #plan(name: string): SweepPlan {
    const { chance, hostIds, size } = this.#world;
    const methods = [
      precisionModes.smoke,
      { ...precisionModes.smoke, minLaunches: 2, maxLaunches: 3 },
      { ...precisionModes.smoke, minLaunches: 3, maxLaunches: 3, interleave: false },
    ];
    const movable = chance.odds(0.5);
    const hosts = hostIds.map((hostId) => {
      const shards = Array.from({ length: chance.whole(1, size.shards) }, (_, shard) => ({
        shardId: `${hostId}-${shard + 1}`,
        movableTo: movable ? hostIds.filter((other) => other !== hostId) : [],
        // Where the host is a factor all measure the same cells; else each shard has its own.
        cells: noopCells(
          chance.whole(1, size.cells),
          (number) => `${name}-${movable ? hostId : "all"}-${shard + 1}-${number}`,
        ),
      }));
      return { hostId, shards, ...plainHost };
    });
    return { name, method: chance.pick(methods), hosts, unmatched: [] };
  }
}
