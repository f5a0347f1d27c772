import type { RawPayload } from "./raw-log.ts";

export interface OracleFire {
  readonly atMs: number;
  readonly skipped: boolean;
  notStarted: boolean;
}

interface OracleSchedule {
  readonly addedAtMs: number;
  /** Every fire up to here is decided. */
  decidedToMs: number;
  paused: boolean;
  passed: number;
  /** By the id of their sweep, in the order of the log. */
  readonly fires: Map<string, OracleFire>;
}

/** Schedules as the rules of the log make them, worked out anew: no code of the programs is in here. */
export class ScheduleOracle {
  readonly schedules = new Map<string, OracleSchedule>();
  readonly #hasSweep: (sweepId: string) => boolean;

  constructor(hasSweep: (sweepId: string) => boolean) {
    this.#hasSweep = hasSweep;
  }

  /** Whether the entry takes effect; null where it is none of a schedule. */
  takes(kind: string, payload: RawPayload): boolean | null {
    const { schedule: name = "" } = payload;
    if (kind === "scheduled") return this.#add(name, payload);
    if (!["paused", "fired", "passed", "unstarted"].includes(kind)) return null;
    const schedule = this.schedules.get(name);
    if (schedule === undefined) return false;
    // Once its sweep is submitted, a fire has started.
    if (kind === "unstarted" && this.#hasSweep(payload.fired_sweep_id ?? "")) return false;
    if (kind === "unstarted") return giveUp(schedule, payload);
    // Whatever comes after a pause was decided by one that had not read it.
    if (schedule.paused) return false;
    if (kind === "paused") {
      schedule.paused = true;
      return true;
    }
    const toMs = (kind === "fired" ? payload.fire_at_ms : payload.to_ms) ?? 0;
    const { decidedToMs } = schedule;
    if (toMs <= decidedToMs || (payload.after_ms ?? decidedToMs) !== decidedToMs) return false;
    schedule.decidedToMs = toMs;
    if (kind === "passed") schedule.passed += payload.count ?? 0;
    else {
      const { skipped = null, fired_sweep_id: sweepId = "" } = payload;
      // A sweep that the log has was started by a decision that the log lost.
      const isSkipped = skipped !== null && !this.#hasSweep(sweepId);
      schedule.fires.set(sweepId, { atMs: toMs, skipped: isSkipped, notStarted: false });
    }
    return true;
  }

  /** Of a fire that was given up no sweep comes any more. */
  isGivenUp(sweepId: string): boolean {
    return [...this.schedules.values()].some(({ fires }) => fires.get(sweepId)?.notStarted);
  }

  #add(name: string, { at_ms: addedAtMs = 0 }: RawPayload): boolean {
    if (this.schedules.has(name)) return false;
    const fires = new Map<string, OracleFire>();
    const schedule = { addedAtMs, decidedToMs: addedAtMs, paused: false, passed: 0, fires };
    this.schedules.set(name, schedule);
    return true;
  }
}

function giveUp({ fires }: OracleSchedule, { fired_sweep_id = "" }: RawPayload): boolean {
  const fire = fires.get(fired_sweep_id);
  if (fire === undefined || fire.skipped || fire.notStarted) return false;
  fire.notStarted = true;
  return true;
}
