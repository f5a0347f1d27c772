import { z } from "zod";
import type { AddSchedule__Output } from "../../proto/gen/fleetsweep/v1/AddSchedule.ts";
import type { ChangeScheduleRequest__Output } from "../../proto/gen/fleetsweep/v1/ChangeScheduleRequest.ts";
import type { Log } from "../../shared/bus/log.ts";
import { scheduleName, scheduleSpecSchema } from "../../shared/bus/schedule-schema.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { tokenProblem } from "../../shared/domain/ids.ts";
import { fleetSweep } from "../../shared/domain/log-event.ts";
import type { Schedule } from "../../shared/domain/schedule.ts";
import type { ScheduleEvent } from "../../shared/domain/schedule-event.ts";
import { checkSettings } from "../../shared/runtime/check-settings.ts";
import { whyOverlapping } from "../logic/schedule/decide-fire.ts";
import type { FireTimes } from "../logic/schedule/fire-times.ts";
import { parseSweepFile } from "../sweep-file/parse-sweep-file.ts";
import { checkFireTimes, firedSweepId } from "./cron-times.ts";
import { type ScheduleDocument, toScheduleDocument } from "./schedule-document.ts";
import type { FoldedLog } from "./schedule-keeper.ts";

export interface ScheduleDeskDeps {
  readonly coordinator: FoldedLog;
  readonly log: Log;
  readonly times: FireTimes;
  readonly randomId: () => string;
  readonly coordinatorId: string;
  readonly nowMs: () => number;
  /** Aborts when the coordinator stops. */
  readonly signal: AbortSignal;
}

const maxNextFires = 100;

/** Writes what operators want of schedules into the log, and says what the log made of it. */
export class ScheduleDesk {
  readonly #deps: ScheduleDeskDeps;

  constructor(deps: ScheduleDeskDeps) {
    this.#deps = deps;
  }

  /** @throws FleetsweepError config.invalid, sweep.invalid, sweep.not_found, schedule.not_found */
  async change(request: ChangeScheduleRequest__Output): Promise<{ sweepId: string }> {
    const event = this.#toEvent(request);
    const { log, coordinator, randomId, signal } = this.#deps;
    const before = coordinator.state.schedules.get(event.schedule);
    const seq = await log.append(event, { messageId: randomId(), signal });
    await coordinator.folded(seq, signal);
    if (event.type === "fired") return { sweepId: event.firedSweepId };
    const after = coordinator.state.schedules.get(event.schedule);
    if (before !== after) return { sweepId: "" };
    throw new FleetsweepError("config.invalid", `schedule ${event.schedule}: nothing to change`);
  }

  /** Schedules in the order of their names; all, or the one that is named. */
  list(name: string, nextFires: number): readonly ScheduleDocument[] {
    const { coordinator, times, nowMs } = this.#deps;
    const { state } = coordinator;
    const listed = name === "" ? [...state.schedules.values()] : [this.#schedule(name)];
    const view = { times, nowMs: nowMs(), nextFires: Math.min(nextFires, maxNextFires) };
    return listed
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((schedule) => toScheduleDocument(state, schedule, view));
  }

  #toEvent(request: ChangeScheduleRequest__Output): ScheduleEvent {
    const { name, change, add, pause, pin } = request;
    if (change === "add" && add) return this.#toAdd(name, add);
    const schedule = this.#schedule(name);
    const of = { sweepId: fleetSweep, schedule: name } as const;
    const atMs = this.#deps.nowMs();
    switch (change) {
      case "pause":
        if (schedule.paused !== null) throw refused(name, "is paused already");
        return { type: "paused", ...of, reason: pause?.reason ?? "", atMs };
      case "resume":
        if (schedule.paused === null) throw refused(name, "is not paused");
        return { type: "resumed", ...of, atMs };
      case "runNow":
        return this.#toFire(schedule, atMs);
      case "remove":
        return { type: "unscheduled", ...of };
      case "pin":
        return { type: "pinned", ...of, baselineSweepId: this.#baseline(pin?.sweepId ?? "") };
      case "add":
      case undefined:
        break;
    }
    throw new FleetsweepError("link.protocol", `a change of ${name} that is not known`);
  }

  #toAdd(name: string, { specJson, fileName, source }: AddSchedule__Output): ScheduleEvent {
    const { coordinator, nowMs, times } = this.#deps;
    checkSettings(scheduleName, name, `"${name}" is no name for a schedule`);
    const spec = checkSettings(scheduleSpecSchema, parseJson(specJson), `schedule ${name}`);
    checkFireTimes(spec, nowMs(), times);
    parseSweepFile(source, fileName);
    if (coordinator.state.schedules.has(name)) throw refused(name, "is there already; rm it first");
    const atMs = nowMs();
    return { type: "scheduled", sweepId: fleetSweep, schedule: name, spec, source, fileName, atMs };
  }

  #toFire(schedule: Schedule, nowMs: number): ScheduleEvent {
    const why = whyOverlapping(this.#deps.coordinator.state, schedule);
    if (why !== null) throw refused(schedule.name, `cannot run now: ${why}`);
    const fireAtMs = Math.floor(nowMs / 1_000) * 1_000;
    return {
      type: "fired",
      sweepId: fleetSweep,
      schedule: schedule.name,
      fireAtMs,
      firedSweepId: firedSweepId(schedule.name, fireAtMs),
      by: "operator",
      skipped: null,
      decidedAtMs: nowMs,
      coordinatorId: this.#deps.coordinatorId,
    };
  }

  #baseline(sweepId: string): string | null {
    if (sweepId === "") return null;
    const sweep = this.#deps.coordinator.state.sweeps.get(sweepId);
    if (sweep?.phase === "sealed") return sweepId;
    const what = tokenProblem(sweepId) === undefined ? sweepId : "that";
    throw new FleetsweepError("sweep.not_found", `no sweep ${what} is done, so it is no baseline`);
  }

  #schedule(name: string): Schedule {
    const { schedules } = this.#deps.coordinator.state;
    const schedule = schedules.get(name);
    if (schedule !== undefined) return schedule;
    const known = [...schedules.keys()].sort().slice(0, 8).join(", ") || "none";
    throw new FleetsweepError("schedule.not_found", `no schedule "${name}"; known: ${known}`);
  }
}

function refused(name: string, why: string): FleetsweepError {
  return new FleetsweepError("config.invalid", `schedule ${name} ${why}`);
}

function parseJson(text: string): unknown {
  try {
    return z.json().parse(JSON.parse(text));
  } catch (cause) {
    throw new FleetsweepError("link.protocol", "a specification that is no JSON", { cause });
  }
}
