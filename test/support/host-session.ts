import type { HostSession } from "../../coordinator/sessions.ts";
import { unknownTopology } from "../../shared/domain/unknown-topology.ts";

/** Host `h1`, connected, reconciled and idle, but for what the test changes. */
export function makeSession(overrides: Partial<HostSession> = {}): HostSession {
  return {
    facts: {
      hostId: "h1",
      agentVersion: "1",
      topology: unknownTopology,
      runners: [],
      labels: {},
    },
    instanceId: "i1",
    connected: true,
    reconciled: true,
    state: "idle",
    idleSinceMs: null,
    spoolDepth: 0,
    spoolBytes: 0,
    spooledShards: [],
    heldGrantIds: [],
    lastSeenMs: 0,
    heartbeatMs: 5_000,
    progress: null,
    refusal: null,
    push: () => {},
    setPace: () => {},
    close: () => {},
    ...overrides,
  };
}
