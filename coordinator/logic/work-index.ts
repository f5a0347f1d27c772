import { type Change, isSealable, type LogState, type Sweep } from "../../shared/domain/fold.ts";
import type { Shard } from "../../shared/domain/shard.ts";

export interface ShardRef {
  readonly sweepId: string;
  readonly shardId: string;
}

/**
 * What there is to propose, kept beside the fold so that no entry costs a scan of all sweeps. It says
 * nothing that the fold does not: work-index.test.ts compares it with a scan after every event.
 */
export class WorkIndex {
  readonly #openByHost = new Map<string, Map<string, ShardRef>>();
  readonly #grantedByHost = new Map<string, Map<string, ShardRef>>();
  readonly #complete = new Map<string, ShardRef>();
  readonly #sealable = new Set<string>();

  /** Takes in one change of the state; the state already holds it. */
  note(state: LogState, { event, ignored }: Change): void {
    const sweep = state.sweeps.get(event.sweepId);
    if (ignored !== null || sweep === undefined) return;
    if (event.type === "submitted" || event.type === "cancelled") {
      for (const shard of sweep.shards.values()) this.#reindex(sweep, shard);
    } else if ("shardId" in event) {
      const shard = sweep.shards.get(event.shardId);
      if (event.type === "moved") this.#forget(event.fromHostId, keyOf(event));
      // A result moves a shard only when it was the last one missing.
      if (shard !== undefined && (!changesOneCell(event) || shard.remaining === 0)) {
        this.#reindex(sweep, shard);
      }
    }
    if (isSealable(sweep)) this.#sealable.add(sweep.sweepId);
    else this.#sealable.delete(sweep.sweepId);
  }

  /** The host's next shard to grant, in the order of submission. */
  nextOpen(hostId: string): ShardRef | undefined {
    return this.#openByHost.get(hostId)?.values().next().value;
  }

  /** The host's shards to grant, in the order of submission. */
  open(hostId: string): readonly ShardRef[] {
    return [...(this.#openByHost.get(hostId)?.values() ?? [])];
  }

  /** Hosts that have shards to grant or granted. */
  hosts(): ReadonlySet<string> {
    return new Set([...this.#openByHost.keys(), ...this.#grantedByHost.keys()]);
  }

  /** Shards whose grant on this host is current and not yet complete. */
  granted(hostId: string): readonly ShardRef[] {
    return [...(this.#grantedByHost.get(hostId)?.values() ?? [])];
  }

  /** Shards to close: every cell is terminal. */
  complete(): readonly ShardRef[] {
    return [...this.#complete.values()];
  }

  /** Sweeps to seal: every shard is closed. */
  sealable(): readonly string[] {
    return [...this.#sealable];
  }

  #reindex(sweep: Sweep, shard: Shard): void {
    const { sweepId, shardId, hostId } = shard;
    const key = keyOf(shard);
    this.#forget(hostId, key);
    this.#complete.delete(key);
    if (sweep.phase !== "open") return;
    const ref = { sweepId, shardId };
    if (shard.state === "closed") return;
    if (shard.remaining === 0) {
      this.#complete.set(key, ref);
    } else {
      const byHost = shard.state === "open" ? this.#openByHost : this.#grantedByHost;
      const refs = byHost.get(hostId) ?? new Map<string, ShardRef>();
      byHost.set(hostId, refs.set(key, ref));
    }
  }

  #forget(hostId: string, key: string): void {
    for (const byHost of [this.#openByHost, this.#grantedByHost]) {
      const refs = byHost.get(hostId);
      refs?.delete(key);
      if (refs?.size === 0) byHost.delete(hostId);
    }
  }
}

function changesOneCell({ type }: Change["event"]): boolean {
  return type === "result" || type === "quarantined";
}

function keyOf({ sweepId, shardId }: ShardRef): string {
  return `${sweepId}.${shardId}`;
}
