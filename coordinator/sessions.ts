import type { AttachResponse } from "../proto/gen/fleetsweep/v1/AttachResponse.ts";
import type { Progress__Output } from "../proto/gen/fleetsweep/v1/Progress.ts";
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
  connected: boolean;
  /** As the agent's last heartbeat says: `idle`, `measuring` or `paused: why`. */
  state: string;
  spoolDepth: number;
  spooledShards: readonly ShardRef[];
  /** Grants that the agent said it works on when it connected. */
  readonly heldGrantIds: readonly string[];
  lastSeenMs: number;
  progress: Progress__Output | null;
  /** Why the agent refused its last grant: it gets no other before it has connected anew. */
  refusal: string | null;
  /** Queues a message; a session whose queue overflows is closed, and its agent connects anew. */
  push(message: AttachResponse): void;
  close(why: string): void;
}

/** Sessions by host: the newest stream of a host is the one that stands. */
export class Sessions {
  readonly #byHost = new Map<string, HostSession>();

  attach(session: HostSession): void {
    this.#byHost.get(session.facts.hostId)?.close("the same host connected again");
    this.#byHost.set(session.facts.hostId, session);
  }

  get(hostId: string): HostSession | undefined {
    return this.#byHost.get(hostId);
  }

  all(): readonly HostSession[] {
    return [...this.#byHost.values()];
  }

  /** The session where its stream stands and its agent takes work. */
  ready(hostId: string): HostSession | undefined {
    const session = this.#byHost.get(hostId);
    return session?.connected === true && session.refusal === null ? session : undefined;
  }
}
