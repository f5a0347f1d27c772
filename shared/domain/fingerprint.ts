import type { Digest } from "./cell.ts";
import { tuningParameters } from "./kernel-parameters.ts";
import { formatBytes } from "./text-layout.ts";
import type { MapByValue, SystemState, Topology } from "./topology.ts";
import { describeCaches } from "./topology-picture.ts";
import { describeTurbo } from "./topology-picture-state.ts";

/** One thing in which hosts of a class agree. */
export interface Facet {
  readonly name: string;
  readonly value: string;
}

/** The facet in which two hosts differ first, with both values. */
export interface FacetDifference {
  readonly name: string;
  readonly a: string;
  readonly b: string;
}

const unknown = "unknown";

/** Hexadecimal digits of the hash in a class id: among 10,000 classes two agree by chance in 1 %. */
const shownDigits = 8;

/**
 * The facets that make results of two hosts comparable, the weightiest first. They speak of counts
 * and sets, never of ids: two hosts alike but for the numbering are alike. `extra` are facets that
 * the topology does not hold; they come last, by name.
 */
export function fingerprint(
  topology: Topology,
  extra: Readonly<Record<string, string>> = {},
): readonly Facet[] {
  const facets = {
    ...cpuFacets(topology),
    ...shapeFacets(topology),
    ...stateFacets(topology.system),
  };
  const extras = Object.entries(extra).sort(([a], [b]) => (a < b ? -1 : 1));
  return [...Object.entries(facets), ...extras].map(([name, value]) => ({
    name,
    value: value ?? unknown,
  }));
}

/** The id of the host's class: its shape, and a hash of all facets (`2p8n112c-3fa9c1d2`). */
export function hostClass(
  topology: Topology,
  extra: Readonly<Record<string, string>>,
  digest: Digest,
): string {
  const { packages, numaNodes, cores } = topology.summary;
  const hash = digest(JSON.stringify(fingerprint(topology, extra))).slice(0, shownDigits);
  return `${packages ?? "?"}p${numaNodes}n${cores ?? "?"}c-${hash}`;
}

/** Null where the fingerprints agree; a facet that only one host has counts as unknown on the other. */
export function firstDifferingFacet(
  a: readonly Facet[],
  b: readonly Facet[],
): FacetDifference | null {
  const valuesOfB = new Map(b.map(({ name, value }) => [name, value]));
  for (const { name, value } of a) {
    const other = valuesOfB.get(name) ?? unknown;
    if (other !== value) return { name, a: value, b: other };
  }
  const namesOfA = new Set(a.map(({ name }) => name));
  const added = b.find(({ name, value }) => !namesOfA.has(name) && value !== unknown);
  return added === undefined ? null : { name: added.name, a: unknown, b: added.value };
}

type Facets = Readonly<Record<string, string | null>>;

function cpuFacets({ cpu, flags, armFeatures, system }: Topology): Facets {
  const identity =
    cpu === null || cpu.family === null ? null : `family ${cpu.family} model ${cpu.model}`;
  const parts = cpu?.armParts?.map((part) => Object.values(part).join("/")).join(" ") ?? null;
  const present = flags ?? armFeatures;
  return {
    "CPU model": cpu?.modelName ?? parts,
    "CPU family and model": identity,
    stepping: cpu?.stepping?.toString() ?? null,
    microcode: formatValues(system.microcodeSysfs) ?? cpu?.microcode ?? null,
    "ISA flags":
      present === null
        ? null
        : Object.keys(present)
            .filter((flag) => present[flag])
            .join(" "),
  };
}

function shapeFacets(topology: Topology): Facets {
  const { summary, packages, numaNodes, caches, cpus } = topology;
  const stepsPerOctave = topology.flags?.["hypervisor"] === true ? 1 : installedSteps;
  return {
    packages: summary.packages?.toString() ?? null,
    "cores per package": packages.map(({ cores }) => cores).join(" ") || null,
    "threads per core": summary.threadsPerCore.join(" ") || null,
    "NUMA nodes per package": packages.map((set) => set.numaNodes.length).join(" ") || null,
    "kinds of NUMA nodes": sorted(numaNodes.map(({ kind }) => kind)).join(" ") || null,
    caches: describeCaches(caches).join(", ") || null,
    "NUMA distances":
      sorted(
        numaNodes.map(({ distances }) =>
          distances === null
            ? unknown
            : sorted(Object.values(distances).map((value) => String(value))).join(" "),
        ),
      ).join(", ") || null,
    "memory per NUMA node":
      sorted(numaNodes.map(({ memoryBytes }) => formatInstalled(memoryBytes, stepsPerOctave))).join(
        " ",
      ) || null,
    "usable CPUs": `${countPus(cpus.allowed)} of ${countPus(cpus.online)}`,
    "isolated CPUs": cpus.isolated === null ? null : String(countPus(cpus.isolated)),
  };
}

function stateFacets(system: SystemState): Facets {
  return {
    kernel: system.kernelRelease,
    "kernel parameters":
      system.kernelCmdline === null
        ? null
        : tuningParameters(system.kernelCmdline).join(" ") || "none",
    governor: formatValues(system.scalingGovernor),
    "frequency driver": formatValues(system.scalingDriver),
    "energy preference": formatValues(system.energyPerformancePreference),
    "maximum frequency": formatValues(system.maxFreqKHz),
    "base frequency": formatValues(system.baseFreqKHz),
    turbo: describeTurbo(system),
    SMT: system.smtControl,
    "CPU quota": system.cgroupCpuQuota?.toString() ?? null,
    "memory limit":
      system.cgroupMemoryBytes === null ? null : formatBytes(system.cgroupMemoryBytes),
    THP: /\[(\w+)\]/.exec(system.thpEnabled ?? "")?.[1] ?? null,
    "NUMA balancing": system.numaBalancing?.toString() ?? null,
    "huge pages":
      system.hugepages?.map(({ sizeKiB, total }) => `${sizeKiB} KiB: ${total}`).join(", ") ?? null,
    "idle driver": system.cpuidleDriver,
    "idle states":
      system.cpuidleStates
        ?.map(({ name, state, disabled }) => `${name ?? state}${disabled === 1 ? " off" : ""}`)
        .join(" ") ?? null,
    mitigations:
      system.vulnerabilities === null
        ? null
        : Object.entries(system.vulnerabilities)
            .map(([name, state]) => `${name}: ${state}`)
            .join("; "),
  };
}

/** One value stands alone; where CPUs differ, each with the number of CPUs that have it. */
function formatValues(map: MapByValue | null): string | null {
  if (map === null) return null;
  const entries = Object.entries(map);
  if (entries.length === 1) return entries[0]?.[0] ?? null;
  return sorted(entries.map(([value, cpus]) => `${value} on ${countPus(cpus)}`)).join(", ");
}

/** Sixteenths of a power of two tell a host with one of sixteen DIMMs missing. */
const installedSteps = 8;

/**
 * A node's memory rounded up to a step of its magnitude: firmware and kernel keep some percent back,
 * and not the same on every boot, so that 503.6 GiB and 503.9 GiB are both 512 GiB installed. The
 * memory of a virtual machine may be ballooned while it runs, and is rounded up to a power of two.
 */
function formatInstalled(bytes: number | null, stepsPerOctave: number): string {
  if (bytes === null) return unknown;
  if (bytes === 0) return "none";
  const step = 2 ** Math.floor(Math.log2(bytes)) / stepsPerOctave;
  const installed = Math.ceil(bytes / step) * step;
  return formatBytes(installed).replace(" ", "");
}

function countPus(list: string): number {
  if (list === "") return 0;
  return list.split(",").reduce((sum, range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    return sum + last - first + 1;
  }, 0);
}

function sorted(texts: readonly string[]): string[] {
  return [...texts].sort((a, b) => (a < b ? -1 : 1));
}
