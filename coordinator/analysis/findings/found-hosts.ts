import { type Facet, fingerprint } from "../../../shared/domain/fingerprint.ts";
import type { HostCores } from "../../../shared/domain/host-cores.ts";
import type { Topology } from "../../../shared/domain/topology.ts";
import type { FoundHost } from "../findings.ts";
import type { ReportHost } from "../report-input.ts";

/** What findings need of a host: its shape, its class, and what could tell it from others. */
export function toFoundHost({ hostId, classId, topology, cores }: ReportHost): FoundHost {
  return {
    hostId,
    classId,
    cpu: topology?.cpu?.modelName ?? null,
    coresPerPackage: cores?.packages.map((entry) => entry.cores.length) ?? null,
    coresPerNumaNode: cores === null ? null : cores.packages.map(coresPerNode),
    facets: topology === null ? [] : [...fingerprint(topology), ...installedFacets(topology)],
  };
}

function coresPerNode({ cores }: HostCores["packages"][number]): readonly number[] {
  const counts = new Map<number, number>();
  for (const { numaNodes } of cores) {
    const node = numaNodes[0] ?? -1;
    counts.set(node, (counts.get(node) ?? 0) + 1);
  }
  return [...counts].sort(([a], [b]) => a - b).map(([, count]) => count);
}

/** Facets that are no part of a class, because many hosts do not tell them, but that explain a slow host. */
function installedFacets({ system }: Topology): Facet[] {
  const dimms = system.dimms?.filter(({ sizeMiB }) => (sizeMiB ?? 0) > 0) ?? null;
  const counts = new Map<string, number>();
  for (const { sizeMiB, configuredMTs, speedMTs } of dimms ?? []) {
    const kind = `${sizeMiB} MiB at ${configuredMTs ?? speedMTs ?? "unknown"} MT/s`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const described = [...counts].map(([kind, count]) => `${count} x ${kind}`).sort();
  const bios = [system.dmi?.["bios_vendor"], system.dmi?.["bios_version"]].filter(
    (part) => part !== undefined,
  );
  return [
    { name: "DIMMs", value: dimms === null ? "unknown" : described.join(", ") || "none" },
    { name: "BIOS", value: bios.join(" ") || "unknown" },
  ];
}
