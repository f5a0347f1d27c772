import type { Log, LogHead } from "../shared/bus/log.ts";
import type { Logger } from "../shared/runtime/logger.ts";
import type { HostPolicy } from "./logic/decide-hosts.ts";
import type { Peers } from "./peers.ts";
import type { ProjectionWriter } from "./projector.ts";
import type { AttemptReader } from "./releases.ts";
import type { Sessions } from "./sessions.ts";
import type { HostSnapshot } from "./store/put-hosts.ts";

export interface CoordinatorDeps {
  readonly log: Log;
  /** The log that the store was made from, and how much of it: no other may be read into it. */
  readonly bound?: LogHead;
  readonly store: ProjectionWriter & AttemptReader & HostKeeper;
  readonly sessions: Sessions;
  /** What other coordinators hear; absent where there is no way to them. */
  readonly peers?: Pick<Peers, "get" | "isReady">;
  readonly logger: Logger;
  readonly randomId: () => string;
  /** Wall clock. */
  readonly nowMs: () => number;
  readonly policy: HostPolicy;
  /** How long an entry must have stood in the log before spools may forget it. */
  readonly releaseAfterMs: number;
  /** Resolves after so many milliseconds, or rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Where the last facts of every host are kept, for reports. */
export interface HostKeeper {
  putHost(host: HostSnapshot): Promise<void>;
}
