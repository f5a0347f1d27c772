import { FleetsweepError } from "../shared/domain/errors.ts";
import type { LaunchResult } from "../shared/domain/result.ts";
import type { Clock } from "../shared/runtime/clock.ts";
import type { Logger } from "../shared/runtime/logger.ts";
import { UnreleasedWatch } from "./logic/unreleased.ts";
import type { SpooledShard, SpoolIndex } from "./spool-index.ts";

/** Results that are on disk before anyone hears of them, until the coordinator releases them. */
export type ResultSpool = Pick<
  SpoolIndex,
  "put" | "remove" | "launchesOf" | "shards" | "depth" | "sizeBytes"
>;

const limits = {
  /** Shards named in a heartbeat; the rest follow once these are released. */
  namedShards: 64,
  /** How often a full spool is tried again. */
  spoolRetryMs: 1_000,
} as const;

export interface ResultKeeperDeps {
  readonly spool: ResultSpool;
  readonly logger: Logger;
  readonly clock: Pick<Clock, "sleep" | "monotonicMs">;
}

/** Puts results into the spool, however long that takes, and says what is in it. */
export class ResultKeeper {
  readonly #deps: ResultKeeperDeps;
  readonly #unreleased = new UnreleasedWatch();
  #paused: string | null = null;

  constructor(deps: ResultKeeperDeps) {
    this.#deps = deps;
  }

  /** Why nothing can be measured, in words for people; null where it can. */
  get paused(): string | null {
    return this.#paused;
  }

  /** A full spool, or a full disk, holds the measurement back; nothing is lost. */
  async keep(result: LaunchResult, signal: AbortSignal): Promise<void> {
    const { spool, logger, clock } = this.#deps;
    for (;;) {
      try {
        await spool.put(result);
        this.#paused = null;
        return;
      } catch (error) {
        if (!(error instanceof FleetsweepError && error.code === "spool.full")) throw error;
        if (this.#paused === null) logger.error({ err: error }, "the spool is full");
        this.#paused = error.message;
        await clock.sleep(limits.spoolRetryMs, signal);
      }
    }
  }

  release(attemptIds: readonly string[]): void {
    this.#deps.spool.remove(attemptIds).catch((error: unknown) => {
      // The coordinator names them again after the next heartbeat.
      this.#deps.logger.warn({ err: error }, "could not remove released results");
    });
  }

  /** Whether results of the grant are not released yet. */
  keeps({ grantId, ...shard }: SpooledShard & { readonly grantId: string }): boolean {
    return this.#deps.spool.launchesOf(shard).some((spooled) => spooled.grantId === grantId);
  }

  /** Whether an idle agent is to publish again what it keeps, for nobody releases it. */
  isOverdue(): boolean {
    const spoolDepth = this.#deps.spool.depth;
    if (!this.#unreleased.isDue(spoolDepth, this.#deps.clock.monotonicMs())) return false;
    this.#deps.logger.warn(
      { spool_depth: spoolDepth },
      "nobody releases results; publishing again",
    );
    return true;
  }

  /** As in Hello and Heartbeat. */
  spoolState() {
    const spooledShards: SpooledShard[] = [];
    for (const { sweepId, shardId } of this.#deps.spool.shards()) {
      if (spooledShards.length >= limits.namedShards) break;
      spooledShards.push({ sweepId, shardId });
    }
    return { spoolDepth: this.#deps.spool.depth, spooledShards };
  }
}
