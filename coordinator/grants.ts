import { isCordoned, type LogState } from "../shared/domain/fold.ts";
import type { GrantedShard, Shard } from "../shared/domain/shard.ts";
import { toAssign } from "../shared/rpc/assignment-codec.ts";
import { toAssignment } from "./logic/assignment.ts";
import type { HostPolicy } from "./logic/decide-hosts.ts";
import type { ShardRef, WorkIndex } from "./logic/work-index.ts";
import type { Proposals } from "./proposals.ts";
import type { HostSession, Sessions } from "./sessions.ts";

export interface GrantsDeps {
  readonly state: LogState;
  readonly index: WorkIndex;
  readonly sessions: Sessions;
  readonly proposals: Proposals;
  readonly randomId: () => string;
  /** Wall clock. */
  readonly nowMs: () => number;
  readonly policy: Pick<HostPolicy, "idleAfterMs">;
}

/** Tells agents of grants, and proposes them. What it says is of the log, so that it may be said again. */
export class Grants {
  readonly #deps: GrantsDeps;
  /** When an idle host was last told again what it may work on. */
  readonly #remindedMs = new WeakMap<HostSession, number>();

  constructor(deps: GrantsDeps) {
    this.#deps = deps;
  }

  /** Shards that the host may work on. */
  of(hostId: string): readonly GrantedShard[] {
    const shards = this.#deps.index.granted(hostId).map((ref) => this.#shard(ref));
    return shards.filter((shard) => shard?.state === "granted");
  }

  /** After a connection: current grants again, and an end to those that are not. */
  reconcile(session: HostSession): void {
    const granted = this.of(session.facts.hostId);
    for (const grantId of session.heldGrantIds) {
      if (!granted.some((shard) => shard.grantId === grantId)) {
        session.push({ withdraw: { grantId, reason: "the grant is not current" } });
      }
    }
    if (this.#isDrained(session.facts.hostId)) this.handBack(session);
    else for (const shard of granted) this.#assign(session, shard);
  }

  /** Proposes the host's next grant where it has none, or has measured all of it. */
  dispatch(hostId: string): void {
    const { sessions, index, state, proposals, randomId } = this.#deps;
    const session = sessions.ready(hostId);
    if (session === undefined || isCordoned(state, hostId)) return;
    // Of an agent that is idle the last results are being counted, and it need not wait for that.
    if (index.granted(hostId).length > (session.idleSinceMs === null ? 0 : 1)) return;
    const next = index.nextOpen(hostId);
    const shard = next === undefined ? undefined : this.#shard(next);
    if (shard === undefined) return;
    const { sweepId, shardId, lastGrantId: prev } = shard;
    const key = `grant.${sweepId}.${shardId}.${hostId}.${prev ?? ""}`;
    if (proposals.isPending(key)) return;
    const grantId = randomId();
    proposals.propose({ type: "grant", sweepId, shardId, grantId, hostId, prev }, key);
  }

  /** Now and then: what is open is granted, and a host that has a grant and does nothing hears of it again. */
  attend(session: HostSession): void {
    const { hostId } = session.facts;
    this.dispatch(hostId);
    const { sessions, nowMs, policy } = this.#deps;
    const { idleSinceMs } = session;
    if (idleSinceMs === null || sessions.ready(hostId) !== session) return;
    const sinceMs = Math.max(idleSinceMs, this.#remindedMs.get(session) ?? 0);
    if (nowMs() - sinceMs < policy.idleAfterMs || this.#isDrained(hostId)) return;
    this.#remindedMs.set(session, nowMs());
    // It may have given the grant back, and the revoke that it asked for was lost.
    for (const shard of this.of(hostId)) this.#send(session, shard);
  }

  /** A grant was accepted: its host may begin. */
  assign(shard: Shard): void {
    const session = this.#deps.sessions.ready(shard.hostId);
    if (session !== undefined && shard.state === "granted") this.#assign(session, shard);
  }

  withdraw(shard: Shard, reason: string): void {
    if (shard.state === "granted") this.withdrawLast(shard, reason);
  }

  /** Ends the launch of the shard's last grant, which is not current any more. */
  withdrawLast({ hostId, lastGrantId: grantId }: Shard, reason: string): void {
    if (grantId === null) return;
    this.#deps.sessions.get(hostId)?.push({ withdraw: { grantId, reason } });
  }

  /** Asks a host that is drained to finish its launch and give its grant back; said until it does. */
  handBack(session: HostSession): void {
    const { hostId } = session.facts;
    if (!this.#isDrained(hostId)) return;
    const reason = this.#deps.state.hosts.get(hostId)?.cordon?.reason ?? "";
    for (const { grantId } of this.of(hostId)) {
      session.push({ withdraw: { grantId, reason, finishLaunch: true } });
    }
  }

  #isDrained(hostId: string): boolean {
    return this.#deps.state.hosts.get(hostId)?.cordon?.mode === "drain";
  }

  #assign(session: HostSession, shard: GrantedShard): void {
    // It was idle for want of this; what counts is whether it says so again.
    session.idleSinceMs = null;
    this.#send(session, shard);
  }

  #send(session: HostSession, shard: GrantedShard): void {
    const method = this.#deps.state.sweeps.get(shard.sweepId)?.submitted?.method;
    if (method !== undefined) session.push({ assign: toAssign(toAssignment(shard, method)) });
  }

  #shard({ sweepId, shardId }: ShardRef): Shard | undefined {
    return this.#deps.state.sweeps.get(sweepId)?.shards.get(shardId);
  }
}
