import type { Suspicion } from "./blame.ts";
import type { CordonedEvent, CordonMode } from "./log-event.ts";

/** What the log says of a host. */
export interface HostRecord {
  readonly hostId: string;
  /** Null for a host that may get grants. */
  readonly cordon: Cordon | null;
  /** Cells that failed here since the host was last uncordoned; at most {@link maxSuspicions}. */
  readonly suspicions: readonly Suspicion[];
}

export interface Cordon {
  readonly mode: CordonMode;
  readonly by: CordonedEvent["by"];
  readonly reason: string;
}

/** Far more than a host is blamed for: enough to decide, without keeping every failure of a long life. */
const maxSuspicions = 64;

export function newHostRecord(hostId: string): HostRecord {
  return { hostId, cordon: null, suspicions: [] };
}

export function suspect(host: HostRecord, suspicion: Suspicion): HostRecord {
  if (host.suspicions.length >= maxSuspicions) return host;
  return { ...host, suspicions: [...host.suspicions, suspicion] };
}
