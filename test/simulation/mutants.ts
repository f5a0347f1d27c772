/** A deliberate fault in one of the programs, as a change of its source. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  /** Stands in the file exactly once: a mutant that no longer fits is noticed. */
  readonly from: string;
  readonly to: string;
  /** A seed that shows it; the runner begins here and looks further where it does not any more. */
  readonly seed: number;
}

/** Ways to lose, to count twice, to measure for nothing, or to wait for ever: each must be caught. */
export const mutants: readonly Mutant[] = [
  {
    name: "counts whoever arrives first, under any grant",
    file: "shared/domain/shard.ts",
    from: 'if (shard.state !== "granted" || shard.grantId !== result.grantId) return "stale-grant";',
    to: "",
    seed: 3,
  },
  {
    name: "counts a launch of a cell again",
    file: "shared/domain/shard.ts",
    from: 'return counted ? "launch-counted" : null;',
    to: "return null;",
    seed: 26,
  },
  {
    name: "counts on after a cell is terminal",
    file: "shared/domain/shard.ts",
    from: 'if (cell.terminal !== null) return "cell-terminal";',
    to: "",
    seed: 1_246,
  },
  {
    name: "takes a grant whatever grant it knows of as the last",
    file: "shared/domain/shard.ts",
    from: 'if (event.prev !== shard.lastGrantId) return ignore(shard, "stale-prev");\n  if (event.hostId !==',
    to: "if (event.hostId !==",
    seed: 3,
  },
  {
    name: "moves a shard whatever grant the move knows of as the last",
    file: "shared/domain/shard.ts",
    from: 'if (event.prev !== shard.lastGrantId) return ignore(shard, "stale-prev");\n  if (event.fromHostId !==',
    to: "if (event.fromHostId !==",
    seed: 27,
  },
  {
    name: "gives out a grant id again",
    file: "coordinator/grants.ts",
    from: "const grantId = randomId();",
    to: "const grantId = prev ?? randomId();",
    seed: 3,
  },
  {
    name: "takes results of an earlier grant for those of a new one",
    file: "agent/logic/merge-spooled.ts",
    from: ".filter(({ grantId }) => grantId === assignment.grantId)",
    to: "",
    seed: 3,
  },
  {
    name: "decides a fire whatever was decided since",
    file: "shared/domain/fold-schedules.ts",
    from: "return afterMs !== undefined && afterMs !== decidedToMs;",
    to: "return false && afterMs === decidedToMs;",
    seed: 185,
  },
  {
    name: "mixes the plans of two coordinators for one fire",
    file: "coordinator/schedules/schedule-keeper.ts",
    from: "planId: randomId() };",
    to: "planId: undefined };",
    seed: 40,
  },
  {
    name: "fires on while its schedule is paused",
    file: "shared/domain/fold-schedules.ts",
    from: 'if (isClocks && schedule.paused !== null) return "schedule-paused";',
    to: "",
    seed: 40,
  },
  {
    name: "takes a fire that has started for one that did not",
    file: "shared/domain/fold-schedules.ts",
    from: 'if (event.type === "unstarted" && state.sweeps.has(event.firedSweepId)) return "fire-started";',
    to: "",
    seed: 1_110_748,
  },
  {
    name: "assigns before the log has accepted the grant",
    file: "coordinator/grants.ts",
    from: 'proposals.propose({ type: "grant",',
    to: 'this.#assign(sessions.ready(hostId) as HostSession, { ...shard, state: "granted", grantId } as GrantedShard); proposals.propose({ type: "grant",',
    seed: 1,
  },
  {
    name: "forgets a result once it is published",
    file: "agent/link/spool-publisher.ts",
    from: "await options.log.appendEncoded(message, { messageId: attemptId, signal });",
    to: "await options.log.appendEncoded(message, { messageId: attemptId, signal }); await options.spool.remove([attemptId]);",
    seed: 2,
  },
  {
    name: "lets the last launch of a cell overtake the others",
    file: "agent/link/spool-publisher.ts",
    from: "if (behind !== undefined) {",
    to: "if (false as boolean && behind !== undefined) {",
    seed: 3,
  },
  {
    name: "publishes before the result is on the disk",
    file: "agent/link/durable-files.ts",
    from: "await handle.sync();",
    to: "",
    seed: 20,
  },
  {
    name: "syncs a result's bytes but not its name",
    file: "agent/link/durable-files.ts",
    from: "await this.#syncDirectory(dirname(file));\n    } catch",
    to: "} catch",
    seed: 8,
  },
  {
    name: "drops what does not fit on a full disk",
    file: "agent/result-keeper.ts",
    from: "await clock.sleep(limits.spoolRetryMs, signal);",
    to: "return;",
    seed: 36,
  },
  {
    name: "measures without the host's lock",
    file: "agent/measure-shard.ts",
    from: "const lock = await deps.lock(report.waiting, signal);",
    to: "const lock = { release: async () => {} };",
    seed: 20,
  },
  {
    name: "releases results of shards that are not over",
    file: "coordinator/releases.ts",
    from: "if (!this.#isOver(ref) || !this.#isSynced(ref)) return;",
    to: "if (!this.#isSynced(ref)) return;",
    seed: 2,
  },
  {
    name: "releases what no projection holds",
    file: "coordinator/releases.ts",
    from: "const ids = await this.#deps.store.attemptsOf(ref, session.facts.hostId);",
    to: "const shard = this.#deps.state.sweeps.get(ref.sweepId)?.shards.get(ref.shardId); const ids = [...(shard?.cells.values() ?? [])].flatMap(({ launches }) => launches.map(({ attemptId }) => attemptId));",
    seed: 8,
  },
  {
    name: "goes on with a log that has lost its end",
    file: "shared/bus/nats-reader.ts",
    from: "if (isFirst) checkSame(message, last);",
    to: "if (isFirst) void checkSame;",
    seed: 68,
  },
  {
    name: "does not look whether its projection is of this log",
    file: "coordinator/projector.ts",
    from: "if (entry.seq === this.#store.cursor) this.#checkSame(entry);",
    to: "",
    seed: 197,
  },
];
