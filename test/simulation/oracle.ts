import type { RawEntry, RawPayload } from "./raw-log.ts";

/** A shard as the rules of the log make it, worked out anew: no code of the programs is in here. */
interface OracleShard {
  readonly host: string;
  /** Cells that were planned, with the numbers of their counted launches. */
  readonly cells: Map<string, Set<number>>;
  readonly terminal: Map<string, "ok" | "failed">;
  /** Every accepted grant, in order; the last is current where none has revoked it. */
  readonly grants: string[];
  held: boolean;
  closed: boolean;
}

interface OracleSweep {
  phase: "planning" | "open" | "sealed" | "cancelled";
  readonly shards: Map<string, OracleShard>;
}

/** A launch of a cell that counts. */
export interface Counted {
  readonly place: number;
  readonly attempt: string;
  readonly sweep: string;
  readonly shard: string;
  readonly host: string;
  readonly cell: string;
  readonly launch: number;
  readonly medianNs: number | null;
}

/**
 * A second reading of the rules: which entries of a log take effect, and what counts. It is written from
 * the design, reads raw messages, and shares nothing with the fold that it judges.
 */
export class Oracle {
  readonly sweeps = new Map<string, OracleSweep>();
  readonly counted: Counted[] = [];
  /** By place in the log, from 1: whether the entry took effect. */
  readonly effective: boolean[] = [false];
  readonly acceptedGrants = new Set<string>();

  get length(): number {
    return this.effective.length - 1;
  }

  read(entry: RawEntry): void {
    this.effective.push(this.#takes(entry));
  }

  /** Whether the grant is the current one of a shard that is not over. */
  isCurrent(grantId: string): boolean {
    return this.currentGrants().some((current) => current.grantId === grantId);
  }

  currentGrants(): readonly { sweepId: string; shardId: string; grantId: string }[] {
    return [...this.sweeps].flatMap(([sweepId, { phase, shards }]) =>
      [...shards].flatMap(([shardId, { held, closed, grants }]) => {
        const grantId = grants.at(-1);
        const isCurrent = phase === "open" && held && !closed && grantId !== undefined;
        return isCurrent ? [{ sweepId, shardId, grantId }] : [];
      }),
    );
  }

  #takes({ sweep: sweepId, shard: shardId, kind, payload }: RawEntry): boolean {
    if (kind === "planned") return this.#plan(sweepId, shardId, payload);
    const sweep = this.sweeps.get(sweepId);
    if (sweep === undefined) return false;
    if (kind === "submitted") {
      if (sweep.phase !== "planning" || sweep.shards.size !== payload.shard_count) return false;
      sweep.phase = "open";
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

  #plan(sweepId: string, shardId: string, { host_id, cells }: RawPayload): boolean {
    const sweep = this.sweeps.get(sweepId) ?? { phase: "planning" as const, shards: new Map() };
    if (sweep.phase !== "planning" || sweep.shards.has(shardId)) return false;
    this.sweeps.set(sweepId, sweep);
    sweep.shards.set(shardId, {
      host: host_id ?? "",
      cells: new Map((cells ?? []).map(({ cell_id }) => [cell_id, new Set<number>()])),
      terminal: new Map(),
      grants: [],
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
      shard.grants.push(grantId);
      shard.held = true;
      this.acceptedGrants.add(grantId);
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
    return kind === "result" && this.#counts(shard, entry);
  }

  #counts(shard: OracleShard, { sweep, shard: shardId, payload }: RawEntry): boolean {
    const { result } = payload;
    if (result === undefined) return false;
    const launches = shard.cells.get(result.cell_id);
    const isCurrent = shard.held && shard.grants.at(-1) === result.grant_id;
    if (!isCurrent || result.host_id !== shard.host || launches === undefined) return false;
    if (shard.terminal.has(result.cell_id) || launches.has(result.launch)) return false;
    launches.add(result.launch);
    if (result.terminal !== null) shard.terminal.set(result.cell_id, result.terminal);
    this.counted.push({
      place: this.effective.length,
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
