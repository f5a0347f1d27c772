import type { RawEntry, RawPayload } from "./raw-log.ts";
import { ScheduleOracle } from "./schedule-oracle.ts";

/** A shard as the rules of the log make it, worked out anew: no code of the programs is in here. */
interface OracleShard {
  host: string;
  readonly movableTo: Set<string>;
  /** Cells that were planned, with the numbers of their counted launches. */
  readonly cells: Map<string, Set<number>>;
  readonly terminal: Map<string, "ok" | "failed" | "quarantined">;
  /** By cell: the host on which it passed. */
  readonly okOn: Map<string, string>;
  /** Every accepted grant, in order; the last is current where none has revoked it. */
  readonly grants: string[];
  /** Where the last of them stands. */
  grantedAt: number;
  held: boolean;
  closed: boolean;
}

interface OracleSweep {
  phase: "planning" | "open" | "sealed" | "cancelled";
  /** That a cell needs to be ok. */
  minLaunches: number;
  readonly shards: Map<string, OracleShard>;
  /** By cell: hosts on which it failed for good, and whether it passed anywhere. */
  readonly trials: Map<string, { readonly failedOn: Set<string>; passed: boolean }>;
}

/** A launch of a cell that counts. */
export interface Counted {
  readonly place: number;
  /** Where the grant stands under which it counts. */
  readonly grantedAt: number;
  readonly attempt: string;
  readonly sweep: string;
  readonly shard: string;
  readonly host: string;
  readonly cell: string;
  readonly launch: number;
  readonly medianNs: number | null;
}

/** A grant that is current, and what the next event about its shard must name. */
export interface CurrentGrant {
  readonly sweepId: string;
  readonly shardId: string;
  readonly grantId: string;
  readonly hostId: string;
  readonly grantedAt: number;
  /** The grant before it; null where it is the first. */
  readonly before: string | null;
  readonly movableTo: readonly string[];
}

/**
 * A second reading of the rules: which entries of a log take effect, and what counts. It is written from
 * the design, reads raw messages, and shares nothing with the fold that it judges.
 */
export class Oracle {
  readonly sweeps = new Map<string, OracleSweep>();
  readonly counted: Counted[] = [];
  /** Results that stand in the log, whether they count or not. */
  results = 0;
  /** By place in the log, from 1: whether the entry took effect. */
  readonly effective: boolean[] = [false];
  /** Hosts that get no grant. */
  readonly cordoned = new Set<string>();
  /** By host: `sweep cell` of those that failed there for good, since it was last put back into service. */
  readonly #suspicions = new Map<string, Set<string>>();
  readonly #schedules = new ScheduleOracle((sweepId) => this.sweeps.has(sweepId));
  /** By sweep and plan: the shards of plans that are no sweep yet. */
  readonly #drafts = new Map<string, Map<string, Map<string, RawPayload>>>();

  get schedules(): ScheduleOracle["schedules"] {
    return this.#schedules.schedules;
  }

  read(entry: RawEntry): void {
    if (entry.kind === "result") this.results += 1;
    this.effective.push(this.#takes(entry));
  }

  /** Whether the grant is the current one of a shard that is not over. */
  isCurrent(grantId: string): boolean {
    return this.currentGrants().some((current) => current.grantId === grantId);
  }

  currentGrants(): readonly CurrentGrant[] {
    return [...this.sweeps].flatMap(([sweepId, { phase, shards }]) =>
      [...shards].flatMap(([shardId, { held, closed, grants, grantedAt, host, movableTo }]) => {
        const grantId = grants.at(-1);
        if (phase !== "open" || !held || closed || grantId === undefined) return [];
        const before = grants.at(-2) ?? null;
        const ids = { sweepId, shardId, grantId, hostId: host };
        return [{ ...ids, grantedAt, before, movableTo: [...movableTo] }];
      }),
    );
  }

  #takes({ sweep: sweepId, shard: shardId, kind, payload }: RawEntry): boolean {
    const fires = this.#schedules.takes(kind, payload);
    if (fires !== null) {
      if (fires && kind === "unstarted") this.#drafts.delete(payload.fired_sweep_id ?? "");
      return fires;
    }
    if (kind === "rollback") return true;
    if (kind === "cordoned" || kind === "uncordoned") return this.#cordon(kind, payload);
    if (payload.plan_id !== undefined) return this.#draft(sweepId, shardId, payload);
    if (kind === "planned") return this.#plan(sweepId, shardId, payload);
    const sweep = this.sweeps.get(sweepId);
    if (sweep === undefined) return false;
    if (kind === "submitted") {
      if (sweep.phase !== "planning" || sweep.shards.size !== payload.shard_count) return false;
      sweep.phase = "open";
      sweep.minLaunches = payload.method?.min_launches ?? 1;
      return true;
    }
    if (kind === "cancelled") {
      if (sweep.phase !== "planning" && sweep.phase !== "open") return false;
      sweep.phase = "cancelled";
      return true;
    }
    if (sweep.phase !== "open") return false;
    if (kind === "sealed") {
      if ([...sweep.shards.values()].some(({ closed }) => !closed)) return false;
      sweep.phase = "sealed";
      return true;
    }
    const shard = sweep.shards.get(shardId);
    if (shard === undefined || shard.closed) return false;
    return this.#takesInShard(shard, { sweep: sweepId, shard: shardId, kind, payload });
  }

  /** Several coordinators may plan one sweep: the first plan that is submitted whole is the one. */
  #draft(sweepId: string, shardId: string, payload: RawPayload): boolean {
    if (this.sweeps.has(sweepId)) return false;
    const { plan_id: planId = "", shard_count } = payload;
    const plans = this.#drafts.get(sweepId) ?? new Map<string, Map<string, RawPayload>>();
    const shards = plans.get(planId) ?? new Map<string, RawPayload>();
    if (shard_count === undefined) {
      this.#drafts.set(sweepId, plans.set(planId, new Map([[shardId, payload], ...shards])));
      return false;
    }
    if (shards.size !== shard_count || this.#schedules.isGivenUp(sweepId)) return false;
    for (const [id, planned] of shards) this.#plan(sweepId, id, planned);
    const sweep = this.sweeps.get(sweepId);
    const minLaunches = payload.method?.min_launches ?? 1;
    if (sweep !== undefined) Object.assign(sweep, { phase: "open", minLaunches });
    this.#drafts.delete(sweepId);
    return true;
  }

  #plan(sweepId: string, shardId: string, { host_id, cells, movable_to }: RawPayload): boolean {
    const sweep = this.sweeps.get(sweepId) ?? {
      phase: "planning" as const,
      minLaunches: 1,
      shards: new Map(),
      trials: new Map(),
    };
    if (sweep.phase !== "planning" || sweep.shards.has(shardId)) return false;
    this.sweeps.set(sweepId, sweep);
    sweep.shards.set(shardId, {
      host: host_id ?? "",
      movableTo: new Set((movable_to ?? []).filter((other) => other !== host_id)),
      cells: new Map((cells ?? []).map(({ cell_id }) => [cell_id, new Set<number>()])),
      terminal: new Map(),
      okOn: new Map(),
      grants: [],
      grantedAt: 0,
      held: false,
      closed: false,
    });
    return true;
  }

  #takesInShard(shard: OracleShard, entry: RawEntry): boolean {
    const { kind, payload } = entry;
    const { grant_id: grantId = "" } = payload;
    const last = shard.grants.at(-1) ?? null;
    if (kind === "grant") {
      if (shard.held || payload.prev !== last || payload.host_id !== shard.host) return false;
      if (this.cordoned.has(shard.host) || shard.terminal.size === shard.cells.size) return false;
      shard.grants.push(grantId);
      shard.grantedAt = this.effective.length;
      shard.held = true;
      return true;
    }
    if (kind === "revoke") {
      if (!shard.held || grantId !== last) return false;
      shard.held = false;
      return true;
    }
    if (kind === "closed") {
      if (shard.terminal.size < shard.cells.size) return false;
      shard.closed = true;
      return true;
    }
    if (kind === "moved") return move(shard, payload);
    if (kind === "abandoned") return abandon(shard, payload);
    if (kind === "quarantined") return this.#quarantine(shard, entry);
    return kind === "result" && this.#counts(shard, entry);
  }

  /** An operator may cordon any host, a coordinator only one that the log blames. */
  #cordon(kind: string, { host_id = "", by }: RawPayload): boolean {
    if (kind === "uncordoned") {
      if (!this.cordoned.delete(host_id)) return false;
      this.#suspicions.delete(host_id);
      return true;
    }
    if (by === "coordinator" && (this.cordoned.has(host_id) || !this.#isBlamed(host_id))) {
      return false;
    }
    this.cordoned.add(host_id);
    return true;
  }

  /** Two cells that failed for good on the host and passed on another. */
  #isBlamed(host: string): boolean {
    const cells = new Set<string>();
    for (const suspicion of this.#suspicions.get(host) ?? []) {
      const [sweep = "", cell = ""] = suspicion.split(" ");
      if (this.sweeps.get(sweep)?.trials.get(cell)?.passed === true) cells.add(cell);
    }
    return cells.size >= 2;
  }

  #try(sweepId: string, result: NonNullable<RawPayload["result"]>): void {
    const trials = this.sweeps.get(sweepId)?.trials;
    const trial = trials?.get(result.cell_id) ?? { failedOn: new Set<string>(), passed: false };
    trials?.set(result.cell_id, trial);
    if (result.terminal === "ok") trial.passed = true;
    else if (result.outcome.type === "failed" && !trial.failedOn.has(result.host_id)) {
      trial.failedOn.add(result.host_id);
      const suspicions = this.#suspicions.get(result.host_id) ?? new Set<string>();
      this.#suspicions.set(result.host_id, suspicions.add(`${sweepId} ${result.cell_id}`));
    }
  }

  #quarantine(shard: OracleShard, { sweep, payload }: RawEntry): boolean {
    const { cell_id: cell = "" } = payload;
    const trial = this.sweeps.get(sweep)?.trials.get(cell);
    const blamed = trial !== undefined && !trial.passed && trial.failedOn.size >= 2;
    if (!blamed || !shard.cells.has(cell) || shard.terminal.has(cell)) return false;
    shard.terminal.set(cell, "quarantined");
    return true;
  }

  #counts(shard: OracleShard, { sweep, shard: shardId, payload }: RawEntry): boolean {
    const { result } = payload;
    if (result === undefined) return false;
    const launches = shard.cells.get(result.cell_id);
    const isCurrent = shard.held && shard.grants.at(-1) === result.grant_id;
    if (!isCurrent || result.host_id !== shard.host || launches === undefined) return false;
    if (shard.terminal.has(result.cell_id) || launches.has(result.launch)) return false;
    launches.add(result.launch);
    if (result.terminal !== null) {
      shard.terminal.set(result.cell_id, result.terminal);
      if (result.terminal === "ok") shard.okOn.set(result.cell_id, result.host_id);
      this.#try(sweep, result);
    }
    this.counted.push({
      place: this.effective.length,
      grantedAt: shard.grantedAt,
      attempt: result.attempt_id,
      sweep,
      shard: shardId,
      host: result.host_id,
      cell: result.cell_id,
      launch: result.launch,
      medianNs: result.outcome.median_ns ?? null,
    });
    return true;
  }
}

/** An open shard goes to a host that may have it; what is not terminal begins anew there. */
function move(shard: OracleShard, { prev, host_id = "", from_host_id }: RawPayload): boolean {
  if (shard.held || prev !== (shard.grants.at(-1) ?? null)) return false;
  if (from_host_id !== shard.host || !shard.movableTo.delete(host_id)) return false;
  shard.host = host_id;
  for (const [cell, launches] of shard.cells) if (!shard.terminal.has(cell)) launches.clear();
  return true;
}

/** The host is given up: what is not terminal has failed. */
function abandon(shard: OracleShard, { host_id }: RawPayload): boolean {
  if (host_id !== shard.host || shard.terminal.size === shard.cells.size) return false;
  for (const cell of shard.cells.keys()) {
    if (!shard.terminal.has(cell)) shard.terminal.set(cell, "failed");
  }
  shard.held = false;
  return true;
}
