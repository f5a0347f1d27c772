import type { ShardRef, WorkIndex } from "./logic/work-index.ts";
import type { Proposals } from "./proposals.ts";

/** Proposes the ends of shards and sweeps: what completes one by one as it does, whatever else waits. */
export class Endings {
  readonly #index: Pick<WorkIndex, "complete" | "sealable">;
  readonly #proposals: Proposals;

  constructor({ index, proposals }: { index: WorkIndex; proposals: Proposals }) {
    this.#index = index;
    this.#proposals = proposals;
  }

  /** Every shard that is complete, and every sweep whose shards are closed. */
  all(): void {
    for (const ref of this.#index.complete()) this.close(ref);
    this.seal();
  }

  close({ sweepId, shardId }: ShardRef): void {
    const event = { type: "closed", sweepId, shardId } as const;
    this.#proposals.propose(event, `close.${sweepId}.${shardId}`);
  }

  seal(): void {
    for (const sweepId of this.#index.sealable()) {
      this.#proposals.propose({ type: "sealed", sweepId }, `seal.${sweepId}`);
    }
  }
}
