import type { HostFacts, HostSession } from "./sessions.ts";

/** A host as operators see it, whichever coordinator hears it. */
export interface KnownHost
  extends Pick<
    HostSession,
    "connected" | "state" | "refusal" | "spoolDepth" | "spoolBytes" | "lastSeenMs"
  > {
  readonly hostId: string;
  /** Null where only a peer knows them, and has not said so yet. */
  readonly facts: HostFacts | null;
  readonly progress: Pick<
    NonNullable<HostSession["progress"]>,
    "sweepId" | "cellId" | "launch" | "phase"
  > | null;
  /** The address of the peer that hears it; empty where this coordinator does so itself. */
  readonly heardBy: string;
}
