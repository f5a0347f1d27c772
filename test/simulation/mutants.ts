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
    seed: 1,
  },
  {
    name: "counts a launch of a cell again",
    file: "shared/domain/shard.ts",
    from: 'return counted ? "launch-counted" : null;',
    to: "return null;",
    seed: 1,
  },
  {
    name: "counts on after a cell is terminal",
    file: "shared/domain/shard.ts",
    from: 'if (cell.terminal !== null) return "cell-terminal";',
    to: "",
    seed: 1,
  },
  {
    name: "ignores which grant was the last",
    file: "shared/domain/shard.ts",
    from: 'if (event.prev !== shard.lastGrantId) return ignore(shard, "stale-prev");\n  if (event.hostId',
    to: "if (event.hostId",
    seed: 1,
  },
  {
    name: "grants a shard that is granted already",
    file: "shared/domain/shard.ts",
    from: 'event: GrantEvent): ShardStep {\n  if (shard.state !== "open") return ignore(shard, "shard-not-open");',
    to: "event: GrantEvent): ShardStep {",
    seed: 1,
  },
  {
    name: "uses one grant id for all grants of a shard",
    file: "coordinator/grants.ts",
    from: "const grantId = randomId();",
    to: "const grantId = `${sweepId}-${shardId}`;",
    seed: 1,
  },
  {
    name: "assigns before the log has accepted the grant",
    file: "coordinator/grants.ts",
    from: "proposals.propose(event, `grant.",
    to: 'this.#assign(sessions.ready(hostId) as HostSession, { ...shard, state: "granted", grantId } as GrantedShard); proposals.propose(event, `grant.',
    seed: 1,
  },
  {
    name: "closes a shard before its cells are terminal",
    file: "shared/domain/shard.ts",
    from: "return shard.remaining === 0\n        ? accept",
    to: "return shard.remaining <= 1\n        ? accept",
    seed: 1,
  },
  {
    name: "forgets a result once it is published",
    file: "agent/link/spool-publisher.ts",
    from: "await options.log.append(toEvent(result), { messageId: attemptId, signal });",
    to: "await options.log.append(toEvent(result), { messageId: attemptId, signal }); await options.spool.remove([attemptId]);",
    seed: 1,
  },
  {
    name: "publishes before the result is on the disk",
    file: "agent/link/durable-files.ts",
    from: "await handle.sync();",
    to: "",
    seed: 1,
  },
  {
    name: "syncs a result's bytes but not its name",
    file: "agent/link/durable-files.ts",
    from: "await this.#syncDirectory(dirname(file));\n    } catch",
    to: "} catch",
    seed: 1,
  },
  {
    name: "takes what a death left half written for durable",
    file: "agent/link/spool.ts",
    from: "await this.#files.settle(this.#directory, kept);",
    to: "void kept;",
    seed: 1,
  },
  {
    name: "drops what does not fit on a full disk",
    file: "agent/result-keeper.ts",
    from: "await clock.sleep(limits.spoolRetryMs, signal);",
    to: "return;",
    seed: 1,
  },
  {
    name: "measures without the host's lock",
    file: "agent/measure-shard.ts",
    from: "const lock = await deps.lock(signal);",
    to: "const lock = { release: async () => {} };",
    seed: 1,
  },
  {
    name: "works on every grant at once",
    file: "agent/agent.ts",
    from: "else await this.#work(next, signal);",
    to: "else { this.#queue.delete(next.grantId); this.#work(next, signal).catch(() => {}); }",
    seed: 1,
  },
  {
    name: "releases results of shards that are not over",
    file: "coordinator/releases.ts",
    from: "if (!this.#isOver(ref) || !this.#isSynced(ref)) return;",
    to: "if (!this.#isSynced(ref)) return;",
    seed: 1,
  },
  {
    name: "releases what no projection holds",
    file: "coordinator/releases.ts",
    from: "const ids = await this.#deps.store.attemptsOf(ref, session.facts.hostId);",
    to: "const shard = this.#deps.state.sweeps.get(ref.sweepId)?.shards.get(ref.shardId); const ids = [...(shard?.cells.values() ?? [])].flatMap(({ launches }) => launches.map(({ attemptId }) => attemptId));",
    seed: 1,
  },
  {
    name: "forgets in its hello what it works on",
    file: "agent/agent.ts",
    from: "heldGrantIds: [...this.#queue.keys(), ...this.#currentGrant()],",
    to: "heldGrantIds: [],",
    seed: 1,
  },
  {
    name: "does not read a proposal back, and never proposes it again",
    file: "coordinator/proposals.ts",
    from: "if (at <= seq) this.#unread.delete(key);",
    to: "if (at <= seq) void key;",
    seed: 1,
  },
  {
    name: "gives up a publish after its first failure",
    file: "agent/link/spool-publisher.ts",
    from: "await wait(backoffMs(tries, publisherLimits.retry, options.random()), signal);",
    to: "return;",
    seed: 1,
  },
  {
    name: "does not reconcile after a connection",
    file: "coordinator/reconciler.ts",
    from: "grants.reconcile(session);",
    to: "",
    seed: 1,
  },
  {
    name: "seals a sweep whose shards are not closed",
    file: "shared/domain/fold.ts",
    from: 'if (sweep.closedShards < sweep.shards.size) return "shards-open";',
    to: "",
    seed: 1,
  },
  {
    name: "decides on a log that it has read in part",
    file: "coordinator/coordinator.ts",
    from: "if (lastSeq === 0) this.#catchUp();",
    to: "this.#catchUp();",
    seed: 1,
  },
  {
    name: "goes on with a log that has lost its end",
    file: "shared/bus/nats-reader.ts",
    from: "if (!known) checkSame(message, last);",
    to: "void checkSame;",
    seed: 1,
  },
  {
    name: "takes the grant from a host that was idle before it came",
    file: "coordinator/grants.ts",
    from: "session.idleSinceMs = null;",
    to: "",
    seed: 85,
  },
  {
    name: "never takes up again what was withdrawn by mistake",
    file: "agent/agent.ts",
    from: "else if (!this.#finishing && !stop.signal.aborted) this.#remember(grantId);",
    to: "else this.#remember(grantId);",
    seed: 254,
  },
  {
    name: "does not look whether its projection is of this log",
    file: "coordinator/projector.ts",
    from: "if (entry.seq === this.#store.cursor) this.#checkSame(entry);",
    to: "",
    seed: 70,
  },
  {
    name: "grants a shard to a host that is cordoned",
    file: "shared/domain/fold.ts",
    from: 'if (event.type === "grant" && isCordoned(state, event.hostId)) return "host-cordoned";',
    to: "",
    seed: 1,
  },
  {
    name: "mixes the launches of two hosts in a cell that moved",
    file: "shared/domain/shard.ts",
    from: "({ ...cell, launches: [] })",
    to: "cell",
    seed: 1,
  },
  {
    name: "does not publish again when the log has lost entries",
    file: "agent/agent.ts",
    from: "if (before === null || before === logId) return;",
    to: "if (before !== null) return;",
    seed: 1,
  },
];
