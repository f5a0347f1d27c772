import { readTopology } from "../../agent/host/topology.ts";
import type { Topology } from "../../shared/domain/topology.ts";
import { type HostPlan, makeHostTree } from "../../shared/testing/host-tree.ts";
import { type FileText, makeMapReader } from "./map-reader.ts";

export const cpuRoot = "sys/devices/system/cpu";
export const nodeRoot = "sys/devices/system/node";

/** Two packages of two cores with two threads, one NUMA node each. */
export const plan: HostPlan = {
  packages: [0, 1].map((id) => ({
    id,
    numaNodes: [
      {
        id,
        memoryKiB: 1024,
        cores: [
          [id * 2, id * 2 + 4],
          [id * 2 + 1, id * 2 + 5],
        ],
      },
    ],
  })),
  memoryOnly: [],
  offline: [],
  naming: "new",
  format: "lists",
};

export type Changes = Readonly<Record<string, FileText | null>>;

/** Reads the host with some of its files changed; null takes one away. */
export function read(changes: Changes = {}, of: HostPlan = plan): Promise<Topology> {
  const tree = new Map<string, FileText>(makeHostTree(of));
  for (const [path, text] of Object.entries(changes)) {
    if (text === null) tree.delete(path);
    else tree.set(path, text);
  }
  return readTopology(makeMapReader(tree));
}
