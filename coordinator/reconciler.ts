import type { Log, LogHead } from "../shared/bus/log.ts";
import { FleetsweepError } from "../shared/domain/errors.ts";
import type { LogState } from "../shared/domain/fold.ts";
import type { Logger } from "../shared/runtime/logger.ts";
import { kindOfFailure, TroubleTally } from "../shared/runtime/trouble-tally.ts";
import type { Grants } from "./grants.ts";
import type { Releases } from "./releases.ts";
import type { HostSession, Sessions } from "./sessions.ts";

export interface ReconcilerDeps {
  readonly log: Pick<Log, "head">;
  /** The log that is folded; absent: the one whose head is asked first. */
  readonly bound?: Pick<LogHead, "createdAt">;
  readonly state: LogState;
  readonly sessions: Sessions;
  readonly grants: Grants;
  readonly releases: Releases;
  readonly logger: Logger;
  readonly nowMs: () => number;
  /** Resolves once the log has been folded up to `seq`. */
  readonly folded: (seq: number) => Promise<void>;
}

/** After every connection: what the log says and what the agent holds are made one, before any new work. */
export class Reconciler {
  readonly #deps: ReconcilerDeps;
  readonly #underWay = new Set<HostSession>();
  readonly #troubles: TroubleTally;
  #logCreatedAt: string | undefined;
  #lastHead: Promise<unknown> = Promise.resolve();
  #nextHead: Promise<LogHead> | null = null;

  constructor(deps: ReconcilerDeps) {
    this.#deps = deps;
    this.#logCreatedAt = deps.bound?.createdAt;
    this.#troubles = new TroubleTally(deps.nowMs);
  }

  /** In the background; what fails, for the bus is away, is to be begun again. */
  begin(session: HostSession): void {
    if (!session.connected || session.reconciled || this.#underWay.has(session)) return;
    this.#underWay.add(session);
    this.#makeOne(session)
      .catch((error: unknown) => this.#sayFailed(error, session.facts.hostId))
      .finally(() => this.#underWay.delete(session));
  }

  /** A bus that is away fails for every host that came back meanwhile, each again and again. */
  #sayFailed(error: unknown, host_id: string): void {
    this.#troubles.note(kindOfFailure(error), (times) =>
      this.#deps.logger.warn({ err: error, host_id, times }, "a host is not reconciled yet"),
    );
  }

  /** Tells every agent which log this is: it lost entries. */
  announceLog(): void {
    for (const session of this.#deps.sessions.all()) {
      if (session.connected && session.reconciled) this.#nameLog(session);
    }
  }

  /**
   * The agent may know of grants that stand in the log and were not read here yet, for another coordinator
   * proposed them: nothing is withdrawn before all has been folded that stands there now. Of a log that was
   * made anew nothing has been folded, whatever its length: what the old one said holds for no host any more.
   */
  async #makeOne(session: HostSession): Promise<void> {
    const { folded, grants, releases } = this.#deps;
    const { lastSeq, createdAt } = await this.#askHead();
    this.#checkSame(createdAt);
    await folded(lastSeq);
    if (!session.connected) return;
    this.#nameLog(session);
    session.reconciled = true;
    grants.reconcile(session);
    grants.dispatch(session.facts.hostId);
    releases.spooled(session);
  }

  /** One question at a time, asked after whoever waits for it came: a fleet may come back at once. */
  #askHead(): Promise<LogHead> {
    this.#nextHead ??= this.#lastHead.then(() => {
      const asked = this.#deps.log.head();
      this.#nextHead = null;
      this.#lastHead = asked.catch(() => undefined);
      return asked;
    });
    return this.#nextHead;
  }

  /** Who reads the log notices too, and the coordinator begins anew. */
  #checkSame(createdAt: string): void {
    this.#logCreatedAt ??= createdAt;
    if (createdAt === this.#logCreatedAt) return;
    const what = `the log of ${this.#logCreatedAt} was replaced by one of ${createdAt}`;
    throw new FleetsweepError("log.corrupt", what);
  }

  #nameLog(session: HostSession): void {
    const logId = `${this.#logCreatedAt ?? ""}.${this.#deps.state.rollbackId ?? ""}`;
    session.push({ logIdentity: { logId } });
  }
}
