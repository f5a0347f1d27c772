import type { AxisValue } from "./cell.ts";
import { parseCpuList } from "./cpuset.ts";
import { usableCores } from "./host-cores.ts";
import type { MapByValue, Topology } from "./topology.ts";
import { describeTurbo } from "./topology-picture-state.ts";

/** A fact that selectors can ask for: undefined where the host does not say. */
interface HostFact {
  readonly summary: string;
  readonly read: (topology: Topology) => AxisValue | null | undefined;
}

/** Facts by their name in `where`. CPU flags, `host` and `label.NAME` come beside them. */
export const hostFacts: Readonly<Record<string, HostFact>> = {
  packages: { summary: "CPU packages (sockets)", read: (t) => t.summary.packages },
  numa_nodes: {
    summary: "NUMA nodes, memory-only ones included",
    read: (t) => t.summary.numaNodes,
  },
  cpu_numa_nodes: {
    summary: "NUMA nodes with CPUs",
    read: (t) => t.numaNodes.filter((node) => node.cpus !== "").length,
  },
  cores: { summary: "physical cores that are online", read: (t) => t.summary.cores },
  usable_cores: { summary: "cores that may be measured", read: countUsable },
  threads: { summary: "hardware threads that are online", read: (t) => t.summary.threads },
  threads_per_core: {
    summary: "the most threads of a core",
    read: (t) => t.summary.threadsPerCore.at(-1),
  },
  memory_gib: {
    summary: "memory of all NUMA nodes in GiB",
    read: (t) => (t.summary.memoryBytes === null ? null : t.summary.memoryBytes / 2 ** 30),
  },
  isolated_cpus: {
    summary: "CPUs that the kernel isolates",
    read: (t) => (t.cpus.isolated === null ? null : parseCpuList(t.cpus.isolated).cpus.length),
  },
  arch: { summary: "architecture", read: (t) => t.cpu?.arch ?? t.system.architecture },
  vendor: { summary: "CPU vendor", read: (t) => t.cpu?.vendor },
  model_name: { summary: "CPU model, as /proc/cpuinfo writes it", read: (t) => t.cpu?.modelName },
  family: { summary: "CPU family", read: (t) => t.cpu?.family },
  model: { summary: "CPU model number", read: (t) => t.cpu?.model },
  stepping: { summary: "CPU stepping", read: (t) => t.cpu?.stepping },
  microcode: { summary: "microcode revision, as written", read: (t) => t.cpu?.microcode },
  kernel: { summary: "kernel release", read: (t) => t.system.kernelRelease },
  governor: {
    summary: "frequency governor, where all CPUs have the same",
    read: (t) => only(t.system.scalingGovernor),
  },
  turbo: { summary: "whether turbo is on", read: readTurbo },
  smt: {
    summary: "whether SMT is active",
    read: (t) => (t.system.smtActive === null ? null : t.system.smtActive === 1),
  },
};

function countUsable(topology: Topology): number {
  const cores = usableCores(topology);
  return "refused" in cores
    ? 0
    : cores.packages.reduce((sum, entry) => sum + entry.cores.length, 0);
}

function only(values: MapByValue | null): string | null {
  const [value, ...others] = Object.keys(values ?? {});
  return value === undefined || others.length > 0 ? null : value;
}

function readTurbo(topology: Topology): boolean | null {
  const turbo = describeTurbo(topology.system);
  return turbo === "on" ? true : turbo === "off" ? false : null;
}

/** A host's identity beside its topology. */
export interface NamedHost {
  readonly hostId: string;
  readonly topology: Topology;
  readonly labels: Readonly<Record<string, string>>;
}

/** The value of a fact, a CPU flag, `host` or `label.NAME` on this host. */
export function readHostFact(host: NamedHost, name: string): AxisValue | undefined {
  if (name === "host") return host.hostId;
  if (name.startsWith("label.")) {
    const label = name.slice("label.".length);
    return Object.hasOwn(host.labels, label) ? host.labels[label] : undefined;
  }
  if (Object.hasOwn(hostFacts, name)) return hostFacts[name]?.read(host.topology) ?? undefined;
  const { flags } = host.topology;
  return flags !== null && Object.hasOwn(flags, name) ? flags[name] : undefined;
}
