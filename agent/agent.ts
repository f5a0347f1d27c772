import { EventEmitter, once } from "node:events";
import type { Assign__Output } from "../proto/gen/fleetsweep/v1/Assign.ts";
import type { AttachRequest } from "../proto/gen/fleetsweep/v1/AttachRequest.ts";
import type { AttachResponse__Output } from "../proto/gen/fleetsweep/v1/AttachResponse.ts";
import type { Heartbeat } from "../proto/gen/fleetsweep/v1/Heartbeat.ts";
import type { Hello } from "../proto/gen/fleetsweep/v1/Hello.ts";
import type { Assignment } from "../shared/domain/assignment.ts";
import { FleetsweepError, unreachable } from "../shared/domain/errors.ts";
import type { LaunchResult } from "../shared/domain/result.ts";
import type { RunnerDeclaration } from "../shared/domain/runner-declaration.ts";
import { fromAssign } from "../shared/rpc/assignment-codec.ts";
import { protocolVersion } from "../shared/rpc/protocol.ts";
import type { Clock } from "../shared/runtime/clock.ts";
import type { Logger } from "../shared/runtime/logger.ts";
import type { HostWatch } from "./host-watch.ts";
import { mergeSpooled } from "./logic/merge-spooled.ts";
import type { SpoolIndex } from "./spool-index.ts";

/** Results that are on disk before anyone hears of them, until the coordinator releases them. */
export type ResultSpool = Pick<SpoolIndex, "put" | "remove" | "pending">;

/** Measures what is left of an assignment and hands over each launch's results. */
export type MeasureShard = (
  assignment: Assignment,
  report: ShardReporter,
  signal: AbortSignal,
) => Promise<void>;

export interface ShardReporter {
  /** Keeps the results of one launch; resolves when they are durable. */
  readonly results: (results: readonly LaunchResult[]) => Promise<void>;
  readonly progress: (cellId: string, launch: number, phase: string) => void;
}

export interface AgentDeps {
  readonly hostId: string;
  readonly agentVersion: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The host, read again between launches. */
  readonly host: Pick<HostWatch, "current" | "refresh">;
  readonly runners: readonly RunnerDeclaration[];
  readonly spool: ResultSpool;
  /** Wakes the publisher of the spool. */
  readonly publish: () => void;
  readonly measure: MeasureShard;
  readonly logger: Logger;
  readonly clock: Pick<Clock, "sleep">;
}

const limits = {
  /** Grants that may wait; a coordinator gives one host one at a time, two may give two. */
  queuedAssignments: 16,
  /** Finished grants that are remembered, so that a repeated Assign starts nothing. */
  rememberedGrants: 256,
  /** Shards named in a heartbeat; the rest follow once these are released. */
  namedShards: 64,
  /** How often an idle agent looks whether its host has changed. */
  refreshMs: 60_000,
  /** How often a full spool is tried again. */
  spoolRetryMs: 1_000,
} as const;

/**
 * Works on grants, one at a time, and keeps every result until the coordinator releases it. Whether
 * a coordinator is there makes no difference to a measurement: what is granted is finished.
 */
export class Agent {
  readonly #deps: AgentDeps;
  readonly #events = new EventEmitter();
  readonly #queue = new Map<string, Assignment>();
  readonly #finished = new Set<string>();
  #current: { readonly assignment: Assignment; readonly stop: AbortController } | null = null;
  #paused: string | null = null;
  #tell: (message: AttachRequest) => void = () => {};

  constructor(deps: AgentDeps) {
    this.#deps = deps;
  }

  /** Where messages that may be lost go. */
  connect(tell: (message: AttachRequest) => void): void {
    this.#tell = tell;
  }

  hello(): Hello {
    const { hostId, agentVersion, host, runners, labels } = this.#deps;
    return {
      protocolVersion,
      hostId,
      agentVersion,
      topologyJson: JSON.stringify(host.current),
      runners: runners.map((declaration) => ({
        name: declaration.name,
        declarationJson: JSON.stringify(declaration),
      })),
      heldGrantIds: [...this.#queue.keys(), ...this.#currentGrant()],
      labels: { ...labels },
      ...this.#spoolState(),
    };
  }

  heartbeat(): Heartbeat {
    const measuring = this.#current === null ? "idle" : "measuring";
    const state = this.#paused === null ? measuring : `paused: ${this.#paused}`;
    return { state, ...this.#spoolState() };
  }

  handle(message: AttachResponse__Output): void {
    switch (message.message) {
      case "assign":
        if (message.assign) this.#assigned(message.assign);
        return;
      case "withdraw":
        if (message.withdraw) this.#withdrawn(message.withdraw.grantId, message.withdraw.reason);
        return;
      case "release":
        this.#released(message.release?.attemptIds ?? []);
        return;
      case "welcome":
      case undefined: // A newer coordinator says something that this version does not know.
        return;
      default:
        unreachable(message.message);
    }
  }

  /** Works until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const next = this.#queue.values().next().value;
      if (next === undefined) await this.#idle(signal);
      else await this.#work(next, signal);
    }
  }

  /** Waits for work; what the host is may change meanwhile, and nothing is disturbed by looking. */
  async #idle(signal: AbortSignal): Promise<void> {
    if (await this.#deps.host.refresh()) {
      const topologyJson = JSON.stringify(this.#deps.host.current);
      this.#tell({ factsChanged: { topologyJson } });
    }
    // Work may have come while the host was read.
    if (this.#queue.size > 0) return;
    const decided = new AbortController();
    const ends = AbortSignal.any([signal, decided.signal]);
    const waits = [
      once(this.#events, "assigned", { signal: ends }),
      this.#deps.clock.sleep(limits.refreshMs, ends),
    ];
    try {
      await Promise.race(waits);
    } finally {
      decided.abort();
      await Promise.allSettled(waits);
    }
  }

  #assigned(message: Assign__Output): void {
    const { grantId } = message;
    const known = this.#queue.has(grantId) || this.#finished.has(grantId);
    if (known || this.#current?.assignment.grantId === grantId) return;
    try {
      if (this.#queue.size >= limits.queuedAssignments) {
        throw new FleetsweepError("link.protocol", "more grants than an agent queues");
      }
      this.#queue.set(grantId, fromAssign(message));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#deps.logger.warn({ grant_id: grantId, reason }, "refusing a grant");
      this.#tell({ refuse: { grantId, code: "assign-invalid", reason } });
      return;
    }
    this.#tell({ accept: { grantId } });
    this.#events.emit("assigned");
  }

  #withdrawn(grantId: string, reason: string): void {
    this.#queue.delete(grantId);
    if (this.#current?.assignment.grantId !== grantId) return;
    this.#deps.logger.info({ grant_id: grantId, reason }, "a grant was withdrawn");
    this.#current.stop.abort();
  }

  #released(attemptIds: readonly string[]): void {
    this.#deps.spool.remove(attemptIds).catch((error: unknown) => {
      // The coordinator names them again after the next heartbeat.
      this.#deps.logger.warn({ err: error }, "could not remove released results");
    });
  }

  async #work(assignment: Assignment, signal: AbortSignal): Promise<void> {
    const { grantId } = assignment;
    const stop = new AbortController();
    this.#queue.delete(grantId);
    this.#current = { assignment, stop };
    const ends = AbortSignal.any([signal, stop.signal]);
    try {
      const merged = mergeSpooled(assignment, this.#deps.spool.pending());
      await this.#deps.measure(merged, this.#reporter(assignment, ends), ends);
    } catch (error) {
      if (!ends.aborted) throw error;
    } finally {
      this.#current = null;
    }
    this.#remember(grantId);
    this.#tell({ heartbeat: this.heartbeat() });
  }

  #reporter({ grantId, sweepId }: Assignment, signal: AbortSignal): ShardReporter {
    return {
      results: async (results) => {
        // At once: the disk syncs many records in little more time than one.
        await Promise.all(results.map((result) => this.#keep(result, signal)));
        this.#deps.publish();
      },
      progress: (cellId, launch, phase) => {
        this.#tell({ progress: { grantId, sweepId, cellId, launch, phase } });
      },
    };
  }

  /** A full spool holds the measurement back; nothing is lost. */
  async #keep(result: LaunchResult, signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        await this.#deps.spool.put(result);
        this.#paused = null;
        return;
      } catch (error) {
        if (!(error instanceof FleetsweepError && error.code === "spool.full")) throw error;
        if (this.#paused === null) this.#deps.logger.error({ err: error }, "the spool is full");
        this.#paused = error.message;
        await this.#deps.clock.sleep(limits.spoolRetryMs, signal);
      }
    }
  }

  #remember(grantId: string): void {
    this.#finished.add(grantId);
    const [oldest] = this.#finished;
    if (this.#finished.size > limits.rememberedGrants && oldest !== undefined) {
      this.#finished.delete(oldest);
    }
  }

  #currentGrant(): string[] {
    return this.#current === null ? [] : [this.#current.assignment.grantId];
  }

  #spoolState() {
    const pending = this.#deps.spool.pending();
    const shards = new Map<string, { sweepId: string; shardId: string }>();
    for (const { sweepId, shardId } of pending) {
      shards.set(`${sweepId}.${shardId}`, { sweepId, shardId });
      if (shards.size >= limits.namedShards) break;
    }
    return { spoolDepth: pending.length, spooledShards: [...shards.values()] };
  }
}
