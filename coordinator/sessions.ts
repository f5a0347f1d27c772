import type { AttachResponse } from "../proto/gen/fleetsweep/v1/AttachResponse.ts";
import type { Progress__Output } from "../proto/gen/fleetsweep/v1/Progress.ts";
import { FleetsweepError } from "../shared/domain/errors.ts";
import type { RunnerDeclaration } from "../shared/domain/runner-declaration.ts";
import type { Topology } from "../shared/domain/topology.ts";
import type { ShardRef } from "./logic/work-index.ts";

/** What an agent said of itself and its host. */
export interface HostFacts {
  readonly hostId: string;
  readonly agentVersion: string;
  readonly topology: Topology;
  readonly runners: readonly RunnerDeclaration[];
  readonly labels: Readonly<Record<string, string>>;
}

/** A host that this coordinator has heard of since it started; `connected` while its stream stands. */
export interface HostSession {
  facts: HostFacts;
  /** Random for every start of an agent; empty where it did not say. */
  readonly instanceId: string;
  connected: boolean;
  /** What the log says and what the agent holds have been made one: it may get work. */
  reconciled: boolean;
  /** As the agent's last heartbeat says: `idle`, `measuring` or `paused: why`. */
  state: string;
  /** Since when the agent says that it is idle. */
  idleSinceMs: number | null;
  spoolDepth: number;
  spoolBytes: number;
  spooledShards: readonly ShardRef[];
  /** Grants that the agent said it works on when it connected. */
  readonly heldGrantIds: readonly string[];
  lastSeenMs: number;
  /** How often it was told to say that it is there. */
  heartbeatMs: number;
  progress: Progress__Output | null;
  /** Why the agent refused its last grant: it gets no other before it has connected anew. */
  refusal: string | null;
  /** Queues a message; a session whose queue overflows is closed, and its agent connects anew. */
  push(message: AttachResponse): void;
  /** Tells the agent how often to say that it is there; one of an earlier release keeps its first pace. */
  setPace(heartbeatMs: number): void;
  close(why: string): void;
}

/** A grant that an agent gives back. */
export interface Refusal {
  readonly grantId: string;
  /** As in the protocol: `handed-back` for one that a Withdraw asked for. */
  readonly code: string;
  readonly reason: string;
}

/** Sessions by host: the newest stream of a host is the one that stands. */
export class Sessions {
  readonly #byHost = new Map<string, HostSession>();

  /** @throws FleetsweepError state.locked where another agent of the host is connected and not silent. */
  attach(session: HostSession): void {
    const { hostId } = session.facts;
    const other = this.#byHost.get(hostId);
    if (other !== undefined && isRival(other, session)) {
      throw new FleetsweepError(
        "state.locked",
        `host ${hostId} has another agent here already: two machines of one name, or two agents of one machine`,
      );
    }
    other?.close("the same host connected again");
    this.#byHost.set(hostId, session);
  }

  get(hostId: string): HostSession | undefined {
    return this.#byHost.get(hostId);
  }

  all(): readonly HostSession[] {
    return [...this.#byHost.values()];
  }

  /** Hosts that have been heard of. */
  get size(): number {
    return this.#byHost.size;
  }

  /** The session where its stream stands and its agent takes work. */
  ready(hostId: string): HostSession | undefined {
    const session = this.#byHost.get(hostId);
    const { connected = false, reconciled = false, refusal = null } = session ?? {};
    return connected && reconciled && refusal === null ? session : undefined;
  }
}

/** An agent that died without a word misses so many heartbeats before another one takes its place. */
const missedHeartbeats = 3;

function isRival(other: HostSession, session: HostSession): boolean {
  if (!other.connected || other.instanceId === "" || session.instanceId === "") return false;
  if (other.instanceId === session.instanceId) return false;
  return session.lastSeenMs - other.lastSeenMs < missedHeartbeats * other.heartbeatMs;
}
