import type { PlacementKind } from "./placement-kind.ts";
import { allSockets } from "./placements/all-sockets.ts";
import { compact } from "./placements/compact.ts";
import { explicitCpus } from "./placements/explicit-cpus.ts";
import { oneSocket } from "./placements/one-socket.ts";
import { perL3, perNumaNode } from "./placements/per-domain.ts";
import { perSocket, severalPerSocket } from "./placements/per-socket.ts";
import { remoteMemory } from "./placements/remote-memory.ts";
import { smartDispatch } from "./placements/smart-dispatch.ts";
import { spread } from "./placements/spread.ts";

/**
 * Every placement. Where two give the same CPUs and memory on a host, its cells carry the first name
 * in this order, whatever the sweep file says.
 */
export const placementKinds: readonly PlacementKind[] = [
  oneSocket,
  perSocket,
  severalPerSocket,
  allSockets,
  perNumaNode,
  perL3,
  compact,
  spread,
  smartDispatch,
  remoteMemory,
  explicitCpus,
];

export function findPlacementKind(name: string): PlacementKind | undefined {
  return placementKinds.find((kind) => kind.matches(name));
}
