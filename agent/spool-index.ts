import { gistOf, type LaunchResult } from "../shared/domain/result.ts";
import type { Spool } from "./link/spool.ts";

/** What the agent needs to know of a result in the spool without reading it again. */
export type SpooledLaunch = Pick<
  LaunchResult,
  "sweepId" | "shardId" | "grantId" | "cellId" | "launch" | "terminal"
> &
  ReturnType<typeof gistOf>;

/** A spool together with what is in it; the results themselves stay on the disk. */
export class SpoolIndex {
  readonly #spool: Spool;
  readonly #launches = new Map<string, SpooledLaunch>();

  private constructor(spool: Spool) {
    this.#spool = spool;
  }

  /** Reads every record once. @throws FleetsweepError spool.corrupt where one cannot be read. */
  static async load(spool: Spool): Promise<SpoolIndex> {
    const index = new SpoolIndex(spool);
    for (const attemptId of spool.pending()) {
      const result = await spool.read(attemptId);
      if (result !== undefined) index.#launches.set(attemptId, toSpooledLaunch(result));
    }
    return index;
  }

  /** Resolves once the result is durable. @throws FleetsweepError spool.full, store.failed. */
  async put(result: LaunchResult): Promise<void> {
    await this.#spool.put(result);
    this.#launches.set(result.attemptId, toSpooledLaunch(result));
  }

  async remove(attemptIds: readonly string[]): Promise<void> {
    await this.#spool.remove(attemptIds);
    for (const attemptId of attemptIds) this.#launches.delete(attemptId);
  }

  get sizeBytes(): number {
    return this.#spool.sizeBytes;
  }

  /** Everything not yet released, the oldest first. */
  pending(): readonly SpooledLaunch[] {
    return [...this.#launches.values()];
  }
}

function toSpooledLaunch(result: LaunchResult): SpooledLaunch {
  const { sweepId, shardId, grantId, cellId, launch, terminal } = result;
  return { sweepId, shardId, grantId, cellId, launch, terminal, ...gistOf(result) };
}
