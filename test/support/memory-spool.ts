import type { ResultSpool } from "../../agent/result-keeper.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import type { LaunchResult } from "../../shared/domain/result.ts";

/** An agent's spool that forgets all when its program ends, and is full when it is told to be. */
export class MemorySpool implements ResultSpool {
  results: LaunchResult[] = [];
  full = false;
  sizeBytes = 0;

  async put(one: LaunchResult): Promise<void> {
    if (this.full) throw new FleetsweepError("spool.full", "the spool is full");
    this.results.push(one);
  }

  async remove(attemptIds: readonly string[]): Promise<void> {
    this.results = this.results.filter(({ attemptId }) => !attemptIds.includes(attemptId));
  }

  get depth() {
    return this.results.length;
  }

  shards() {
    return this.results;
  }

  launchesOf({ shardId }: { readonly shardId: string }) {
    const ofShard = this.results.filter((one) => one.shardId === shardId);
    return ofShard.map((one) => ({
      ...one,
      medianNs: null,
      failure: "crashed",
      invalid: false,
    }));
  }
}
