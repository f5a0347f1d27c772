import { gistOf, type LaunchResult } from "../shared/domain/result.ts";
import type { Spool } from "./link/spool.ts";

/** What the agent needs to know of a result in the spool without reading it again. */
export type SpooledLaunch = Pick<
  LaunchResult,
  "sweepId" | "shardId" | "grantId" | "cellId" | "launch" | "terminal"
> &
  ReturnType<typeof gistOf>;

export interface SpooledShard {
  readonly sweepId: string;
  readonly shardId: string;
}

interface ShardLaunches extends SpooledShard {
  /** By attempt id, the oldest first. */
  readonly launches: Map<string, SpooledLaunch>;
}

/** A spool together with what is in it, by shard; the results themselves stay on the disk. */
export class SpoolIndex {
  readonly #spool: Spool;
  readonly #shards = new Map<string, ShardLaunches>();
  readonly #shardOf = new Map<string, string>();

  private constructor(spool: Spool) {
    this.#spool = spool;
  }

  /** Reads every record once. @throws FleetsweepError spool.corrupt where one cannot be read. */
  static async load(spool: Spool): Promise<SpoolIndex> {
    const index = new SpoolIndex(spool);
    for (const attemptId of spool.pending()) {
      const result = await spool.read(attemptId);
      if (result !== undefined) index.#add(result);
    }
    return index;
  }

  /** Resolves once the result is durable. @throws FleetsweepError spool.full, store.failed. */
  async put(result: LaunchResult): Promise<void> {
    await this.#spool.put(result);
    this.#add(result);
  }

  /** The spool forgets them also where the disk fails; what was not removed there is found by the next start. */
  async remove(attemptIds: readonly string[]): Promise<void> {
    try {
      await this.#spool.remove(attemptIds);
    } finally {
      for (const attemptId of attemptIds) this.#forget(attemptId);
    }
  }

  get sizeBytes(): number {
    return this.#spool.sizeBytes;
  }

  /** Results that are not yet released. */
  get depth(): number {
    return this.#shardOf.size;
  }

  /** Shards that have such results, the one with the oldest first. */
  shards(): Iterable<SpooledShard> {
    return this.#shards.values();
  }

  /** What is not yet released of a shard, the oldest first. */
  launchesOf(shard: SpooledShard): readonly SpooledLaunch[] {
    return [...(this.#shards.get(keyOf(shard))?.launches.values() ?? [])];
  }

  /** The cell of an attempt, by any name that is its own; of one that is not kept, the attempt's. */
  cellOf(attemptId: string): string {
    const key = this.#shardOf.get(attemptId) ?? "";
    const launch = this.#shards.get(key)?.launches.get(attemptId);
    return launch === undefined ? attemptId : `${key}.${launch.cellId}`;
  }

  #add(result: LaunchResult): void {
    const { attemptId, sweepId, shardId } = result;
    const key = keyOf(result);
    const shard = this.#shards.get(key) ?? { sweepId, shardId, launches: new Map() };
    shard.launches.set(attemptId, toSpooledLaunch(result));
    this.#shards.set(key, shard);
    this.#shardOf.set(attemptId, key);
  }

  #forget(attemptId: string): void {
    const key = this.#shardOf.get(attemptId) ?? "";
    const shard = this.#shards.get(key);
    this.#shardOf.delete(attemptId);
    shard?.launches.delete(attemptId);
    if (shard?.launches.size === 0) this.#shards.delete(key);
  }
}

function keyOf({ sweepId, shardId }: SpooledShard): string {
  return `${sweepId}.${shardId}`;
}

function toSpooledLaunch(result: LaunchResult): SpooledLaunch {
  const { sweepId, shardId, grantId, cellId, launch, terminal } = result;
  return { sweepId, shardId, grantId, cellId, launch, terminal, ...gistOf(result) };
}
