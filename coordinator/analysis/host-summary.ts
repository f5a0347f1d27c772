import { readHostFact } from "../../shared/domain/host-facts.ts";
import type { Topology } from "../../shared/domain/topology.ts";
import { measuredLaunches } from "./cell-figures.ts";
import type { HostSummary } from "./report.ts";
import type { ReportCell, ReportHost } from "./report-input.ts";

/** The facts of a host and its software that its figures are conditional on. */
export function summarizeHost(host: ReportHost, cells: readonly ReportCell[]): HostSummary {
  const { topology } = host;
  const fact = (name: string): string | null => {
    if (topology === null) return null;
    const value = readHostFact({ hostId: host.hostId, topology, labels: {} }, name);
    return value === undefined ? null : String(value);
  };
  const turbo = fact("turbo");
  return {
    hostId: host.hostId,
    facts: [
      { name: "CPU", value: fact("model_name") },
      { name: "shape", value: topology === null ? null : describeShape(topology) },
      { name: "microcode", value: fact("microcode") },
      { name: "kernel", value: fact("kernel") },
      { name: "governor", value: fact("governor") },
      { name: "turbo", value: turbo === null ? null : turbo === "true" ? "on" : "off" },
      { name: "huge pages", value: selectedWord(topology?.system.thpEnabled ?? null) },
      { name: "runner", value: describeVersions(cells) },
      { name: "agent", value: host.agentVersion },
    ],
  };
}

function describeShape({ summary }: Topology): string {
  const { packages, numaNodes, cores, threads } = summary;
  return [
    count(packages, "package"),
    count(numaNodes, "NUMA node"),
    count(cores, "core"),
    count(threads, "thread"),
  ].join(", ");
}

function count(n: number | null, noun: string): string {
  if (n === null) return `unknown ${noun}s`;
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

/** The kernel puts the word in force in brackets: `always [madvise] never`. */
function selectedWord(line: string | null): string | null {
  return line === null ? null : (/\[(\w+)\]/.exec(line)?.[1] ?? line);
}

/** Every version that measured, for a host may be updated within a sweep. */
function describeVersions(cells: readonly ReportCell[]): string | null {
  const versions = new Map<string, Set<string>>();
  for (const cell of cells) {
    for (const { runnerVersions } of measuredLaunches(cell)) {
      for (const [name, version] of Object.entries(runnerVersions)) {
        versions.set(name, (versions.get(name) ?? new Set()).add(version));
      }
    }
  }
  if (versions.size === 0) return null;
  return [...versions].map(([name, found]) => `${name} ${[...found].join(" and ")}`).join(", ");
}
