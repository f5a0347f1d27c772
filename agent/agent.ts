import { EventEmitter, once } from "node:events";
import type { Assign__Output } from "../proto/gen/fleetsweep/v1/Assign.ts";
import type { AttachRequest } from "../proto/gen/fleetsweep/v1/AttachRequest.ts";
import type { AttachResponse__Output } from "../proto/gen/fleetsweep/v1/AttachResponse.ts";
import type { Heartbeat } from "../proto/gen/fleetsweep/v1/Heartbeat.ts";
import type { Hello } from "../proto/gen/fleetsweep/v1/Hello.ts";
import type { Withdraw__Output } from "../proto/gen/fleetsweep/v1/Withdraw.ts";
import type { Assignment } from "../shared/domain/assignment.ts";
import { FleetsweepError, unreachable } from "../shared/domain/errors.ts";
import type { RunnerDeclaration } from "../shared/domain/runner-declaration.ts";
import { fromAssign } from "../shared/rpc/assignment-codec.ts";
import { oldestProtocolVersion, protocolVersion } from "../shared/rpc/protocol.ts";
import type { Clock } from "../shared/runtime/clock.ts";
import type { Logger } from "../shared/runtime/logger.ts";
import { FinishedGrants } from "./finished-grants.ts";
import type { HostWatch } from "./host-watch.ts";
import type { SpoolPublisher } from "./link/spool-publisher.ts";
import { mergeSpooled } from "./logic/merge-spooled.ts";
import { ResultKeeper, type ResultSpool } from "./result-keeper.ts";
import type { MeasureShard, ShardReporter } from "./shard-reporter.ts";

export interface AgentDeps {
  readonly hostId: string;
  readonly agentVersion: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The host, read again between launches. */
  readonly host: Pick<HostWatch, "current" | "refresh">;
  readonly runners: readonly RunnerDeclaration[];
  readonly spool: ResultSpool;
  readonly publisher: Pick<SpoolPublisher, "notice" | "republish" | "settled">;
  /** Random for every start, so that a coordinator can tell two agents of one host apart. */
  readonly instanceId: string;
  readonly measure: MeasureShard;
  /** Called once an agent has done nothing for a while. */
  readonly onRest?: () => void;
  readonly logger: Logger;
  readonly clock: Pick<Clock, "sleep" | "monotonicMs">;
}

const limits = {
  /** Grants that may wait; a coordinator gives one host one at a time, two may give two. */
  queuedAssignments: 16,
  /** How often an idle agent looks around, and how long it is idle before it is at rest. */
  idleTurnMs: 60_000,
  firstTurnMs: 10_000,
  /** Turns of an idle agent from one reading of its host to the next: thousands of files, on a large one. */
  turnsPerReading: 5,
} as const;

interface Current {
  readonly assignment: Assignment;
  readonly stop: AbortController;
  /** Why the grant is to be given back after the launch; null where it is not. */
  handBack: string | null;
  /** Why its launch cannot begin yet; null where it can. */
  waiting: string | null;
}

/**
 * Works on grants, one at a time, and keeps every result until the coordinator releases it. Whether
 * a coordinator is there makes no difference to a measurement: what is granted is finished.
 */
export class Agent {
  readonly #deps: AgentDeps;
  readonly #events = new EventEmitter();
  readonly #queue = new Map<string, Assignment>();
  readonly #finished = new FinishedGrants();
  readonly #keeper: ResultKeeper;
  readonly #handingBack = new Set<string>();
  #current: Current | null = null;
  /** As a coordinator says; null before the first connection. */
  #logId: string | null = null;
  #finishing = false;
  #running: AbortSignal = AbortSignal.abort();
  #tell: (message: AttachRequest) => void = () => {};

  constructor(deps: AgentDeps) {
    this.#deps = deps;
    this.#keeper = new ResultKeeper(deps);
  }

  /** Where messages that may be lost go. */
  connect(tell: (message: AttachRequest) => void): void {
    this.#tell = tell;
  }

  hello(): Hello {
    const { hostId, agentVersion, host, runners, labels } = this.#deps;
    return {
      protocolVersion,
      oldestProtocolVersion,
      instanceId: this.#deps.instanceId,
      hostId,
      agentVersion,
      topologyJson: JSON.stringify(host.current),
      runners: runners.map((declaration) => ({
        name: declaration.name,
        declarationJson: JSON.stringify(declaration),
      })),
      heldGrantIds: [...this.#queue.keys(), ...this.#currentGrant()],
      labels: { ...labels },
      ...this.#keeper.spoolState(),
    };
  }

  heartbeat(): Heartbeat {
    const measuring = this.#current === null && this.#queue.size === 0 ? "idle" : "measuring";
    const paused = this.#keeper.paused ?? this.#current?.waiting ?? null;
    const state = paused === null ? measuring : `paused: ${paused}`;
    return { state, ...this.#keeper.spoolState(), spoolBytes: this.#deps.spool.sizeBytes };
  }

  handle(message: AttachResponse__Output): void {
    switch (message.message) {
      case "assign":
        if (message.assign) this.#assigned(message.assign);
        return;
      case "withdraw":
        if (message.withdraw) this.#withdrawn(message.withdraw);
        return;
      case "logIdentity":
        this.#logNamed(message.logIdentity?.logId ?? "");
        return;
      case "release":
        this.#keeper.release(message.release?.attemptIds ?? []);
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
    this.#running = signal;
    for (let idleTurns = 0; !signal.aborted && !this.#finishing; ) {
      const next = this.#queue.values().next().value;
      if (next === undefined) await this.#idle(idleTurns++, signal);
      else {
        idleTurns = 0;
        await this.#work(next, signal);
      }
    }
    this.#events.emit("finished");
  }

  /** Lets the current launch end, begins no other, and resolves once its results are kept. */
  async finish(signal: AbortSignal): Promise<void> {
    this.#finishing = true;
    if (this.#current === null) return;
    await once(this.#events, "finished", { signal });
  }

  /** Waits for work; what the host is may change meanwhile, and nothing is disturbed by looking. */
  async #idle(turn: number, signal: AbortSignal): Promise<void> {
    if (turn % limits.turnsPerReading === 0 && (await this.#deps.host.refresh())) {
      const topologyJson = JSON.stringify(this.#deps.host.current);
      this.#tell({ factsChanged: { topologyJson } });
    }
    if (this.#keeper.isOverdue()) this.#deps.publisher.republish();
    if (turn === 1) this.#deps.onRest?.();
    // Work may have come while the host was read.
    if (this.#queue.size > 0 || this.#finishing) return;
    const decided = new AbortController();
    const ends = AbortSignal.any([signal, decided.signal]);
    const waits = [
      once(this.#events, "assigned", { signal: ends }),
      this.#deps.clock.sleep(turn === 0 ? limits.firstTurnMs : limits.idleTurnMs, ends),
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
    const known = this.#queue.has(grantId) || this.#isOver(message);
    // Withdrawn, but its launch is ending yet: it stands in the queue until then.
    const ending = this.#current?.stop.signal.aborted === true;
    if (known || (this.#current?.assignment.grantId === grantId && !ending)) return;
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

  /** Where another agent of this host worked on it too, what we found last may not be what counts. */
  #isOver(grant: Pick<Assignment, "grantId" | "sweepId" | "shardId">): boolean {
    return this.#finished.has(grant.grantId) && !this.#keeper.keeps(grant);
  }

  #withdrawn({ grantId, reason, finishLaunch }: Withdraw__Output): void {
    this.#queue.delete(grantId);
    const current = this.#current?.assignment.grantId === grantId ? this.#current : null;
    if (finishLaunch) {
      if (current === null) this.#handBack(grantId, reason);
      else current.handBack = reason;
      return;
    }
    if (current === null) return;
    this.#deps.logger.info({ grant_id: grantId, reason }, "a grant was withdrawn");
    current.stop.abort();
  }

  /**
   * Gives a grant back once all that was measured under it stands in the log: the revoke that answers this
   * would make orphans of what came later.
   */
  #handBack(grantId: string, reason: string): void {
    if (this.#handingBack.has(grantId)) return;
    this.#handingBack.add(grantId);
    this.#deps.publisher
      .settled(this.#running)
      .then(() => this.#tell({ refuse: { grantId, code: "handed-back", reason } }))
      .catch((error: unknown) => {
        this.#deps.logger.warn({ err: error, grant_id: grantId }, "a grant was not given back");
      })
      .finally(() => this.#handingBack.delete(grantId));
  }

  /** Another log than before: what the old one held may not stand in it. */
  #logNamed(logId: string): void {
    const before = this.#logId;
    this.#logId = logId;
    if (before === null || before === logId) return;
    this.#deps.logger.warn({ before, now: logId }, "the log was replaced or lost entries");
    this.#finished.clear();
    this.#deps.publisher.republish();
  }

  async #work(assignment: Assignment, signal: AbortSignal): Promise<void> {
    const { grantId } = assignment;
    const stop = new AbortController();
    this.#queue.delete(grantId);
    // Released while it waited: its shard is over, and there is nothing left to know what was measured.
    if (this.#isOver(assignment)) return;
    const current: Current = { assignment, stop, handBack: null, waiting: null };
    this.#current = current;
    const ends = AbortSignal.any([signal, stop.signal]);
    try {
      const merged = mergeSpooled(assignment, this.#deps.spool.launchesOf(assignment));
      await this.#deps.measure(merged, this.#reporter(current, ends), ends);
    } catch (error) {
      if (!ends.aborted) throw error;
    } finally {
      this.#current = null;
    }
    if (current.handBack !== null) this.#handBack(grantId, current.handBack);
    // A coordinator that is behind with the log withdraws by mistake, and assigns again when it knows.
    else if (!this.#finishing && !stop.signal.aborted) this.#finished.add(grantId);
    this.#tell({ heartbeat: this.heartbeat() });
  }

  #reporter(current: Current, signal: AbortSignal): ShardReporter {
    const { grantId, sweepId } = current.assignment;
    return {
      goOn: () => current.handBack === null && !this.#finishing,
      results: async (results) => {
        // At once: the disk syncs many records in little more time than one.
        await Promise.all(results.map((result) => this.#keeper.keep(result, signal)));
        this.#deps.publisher.notice(results.map(({ attemptId }) => attemptId));
      },
      waiting: (holder) => {
        if (holder === null && current.waiting === null) return;
        current.waiting = holder === null ? null : `${holder} measures on this machine`;
        this.#deps.logger.warn(
          { holder },
          holder === null ? "it is our turn" : "waiting to measure",
        );
        this.#tell({ heartbeat: this.heartbeat() });
      },
      progress: (cellId, launch, phase) => {
        this.#tell({ progress: { grantId, sweepId, cellId, launch, phase } });
      },
    };
  }

  #currentGrant(): string[] {
    return this.#current === null ? [] : [this.#current.assignment.grantId];
  }
}
