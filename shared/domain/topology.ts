/**
 * What a host is, as read from its sysfs and procfs: the structure `topology-truth/1` plus warnings.
 *
 * `null` means that the host does not say: it is never a guess, and never stands for 0 or false.
 * CPU sets are strings in the kernel's canonical list format (`"0-3,8"`), for they go into files and
 * over the wire; {@link parseCpuList} turns one into PU numbers. Ids (package, die, core, NUMA node)
 * are the kernel's labels: they repeat, have gaps and may be -1, so group by the CPU sets.
 */
export interface Topology {
  readonly schema: "topology-truth/1";
  readonly summary: TopologySummary;
  readonly cpus: CpuSets;
  readonly packages: readonly Package[];
  readonly dies: readonly Die[] | null;
  readonly clusters: readonly Cluster[] | null;
  readonly numaNodes: readonly NumaNode[];
  readonly cores: readonly Core[];
  readonly caches: readonly Cache[];
  readonly cpu: CpuIdentity | null;
  /** ISA flag → present, of the flags in {@link isaFlags}; null where cpuinfo says nothing of x86. */
  readonly flags: Readonly<Record<string, boolean>> | null;
  readonly armFeatures: Readonly<Record<string, boolean>> | null;
  readonly hybridKinds: readonly HybridKind[] | null;
  readonly system: SystemState;
  /** Sentences for people: what was damaged, contradictory or artificial, each with its file. */
  readonly warnings: readonly string[];
}

export interface TopologySummary {
  /** Null where the host has no topology files. */
  readonly packages: number | null;
  readonly dies: number | null;
  readonly numaNodes: number;
  readonly memoryOnlyNodes: number;
  readonly cpuOnlyNodes: number;
  /** Null where the host has no topology files. */
  readonly cores: number | null;
  readonly threads: number;
  /** The distinct numbers of threads per core, ascending. */
  readonly threadsPerCore: readonly number[];
  /** In the order of `packages`. */
  readonly coresPerPackage: readonly number[];
  readonly l1d: number;
  readonly l1i: number;
  readonly l2: number;
  readonly l3: number;
  /** Sum over NUMA nodes; null where no node tells. */
  readonly memoryBytes: number | null;
}

export interface CpuSets {
  readonly online: string;
  readonly present: string | null;
  readonly possible: string | null;
  readonly offline: string;
  /** Online CPUs that the cgroup and the affinity mask leave to this process. */
  readonly allowed: string;
  readonly allowedNodes: string | null;
  readonly isolated: string | null;
  readonly kernelMax: number | null;
}

export interface Package {
  readonly id: number;
  readonly cpus: string;
  readonly cores: number;
  readonly threads: number;
  readonly numaNodes: readonly number[];
}

export interface Die {
  readonly packageId: number;
  readonly id: number;
  readonly cpus: string;
}

export interface Cluster {
  readonly id: number;
  readonly cpus: string;
}

export type NumaNodeKind =
  | "cpu+memory"
  | "cpu-only"
  | "memory-only"
  | "empty"
  | "no CPUs, memory unknown"
  | "cpu, memory unknown";

export interface NumaNode {
  readonly id: number;
  readonly kind: NumaNodeKind;
  /** `""` for a memory-only node. */
  readonly cpus: string;
  /** For a memory-only node: the CPUs of its initiators or of its nearest nodes; else its own. */
  readonly localCpus: string;
  /** 0 is a value; null is no file. */
  readonly memoryBytes: number | null;
  readonly packageIds: readonly number[];
  /** NUMA node id → SLIT distance (10 is local). */
  readonly distances: Readonly<Record<string, number>> | null;
  readonly initiatorNodes: readonly number[] | null;
  /** HMAT attributes: bandwidths in MB/s, latencies in ns. */
  readonly accessLocal: Readonly<Record<string, number>> | null;
  readonly memorySideCaches: readonly MemorySideCache[] | null;
  /** Page size in KiB → pages. */
  readonly hugepages: Readonly<Record<string, HugepageCount>> | null;
}

export interface MemorySideCache {
  readonly index: number;
  readonly sizeBytes: number | null;
  readonly lineBytes: number | null;
}

export interface HugepageCount {
  readonly total: number;
  readonly free: number;
}

export interface Core {
  readonly package: number | null;
  readonly die: number | null;
  readonly core: number | null;
  /** The core's hardware threads. */
  readonly cpus: string;
  readonly numaNodes: readonly number[] | null;
}

export interface Cache {
  readonly level: number;
  readonly type: "Data" | "Instruction" | "Unified";
  /** Of this one cache. */
  readonly sizeBytes: number | null;
  readonly lineBytes: number | null;
  readonly cpus: string;
}

export interface CpuIdentity {
  readonly arch: string | null;
  readonly vendor: string | null;
  readonly modelName: string | null;
  readonly family: number | null;
  readonly model: number | null;
  readonly stepping: number | null;
  /** As written: `"0x2b000181"`. */
  readonly microcode: string | null;
  /** Every revision with its CPUs where /proc/cpuinfo names more than one; else null. */
  readonly microcodes: MapByValue | null;
  readonly bugs: readonly string[] | null;
  /** The distinct parts of an ARM host, as /proc/cpuinfo writes them. */
  readonly armParts: readonly ArmPart[] | null;
}

export interface ArmPart {
  readonly implementer: string | null;
  readonly part: string;
  readonly variant: string | null;
  readonly revision: string | null;
}

export interface HybridKind {
  readonly cpus: string;
  readonly infos: Readonly<Record<string, string>>;
}

/** The text of a file → the CPUs that have it, so that one odd core shows. */
export type MapByValue = Readonly<Record<string, string>>;

export interface SystemState {
  readonly kernelRelease: string | null;
  readonly architecture: string | null;
  readonly kernelCmdline: string | null;
  readonly isolatedCpus: string | null;
  readonly nohzFullCpus: string | null;
  readonly smtControl: string | null;
  readonly smtActive: number | null;
  readonly scalingDriver: MapByValue | null;
  readonly scalingGovernor: MapByValue | null;
  readonly energyPerformancePreference: MapByValue | null;
  readonly maxFreqKHz: MapByValue | null;
  readonly baseFreqKHz: MapByValue | null;
  readonly intelPstateNoTurbo: number | null;
  readonly intelPstateStatus: string | null;
  readonly cpufreqBoost: number | null;
  /** `boost` of the cpufreq policies, which amd-pstate and others have beside or instead of the host's. */
  readonly policyBoost: MapByValue | null;
  readonly cpuidleDriver: string | null;
  readonly cpuidleStates: readonly CpuIdleState[] | null;
  /** The whole line: `"always [madvise] never"`. */
  readonly thpEnabled: string | null;
  /** Host totals, ascending by size. */
  readonly hugepages: readonly HugepagePool[] | null;
  readonly memTotalBytes: number | null;
  readonly microcodeSysfs: MapByValue | null;
  readonly vulnerabilities: Readonly<Record<string, string>> | null;
  readonly dmi: Readonly<Record<string, string>> | null;
  readonly dmiMemoryDeviceEntries: number | null;
  readonly dimms: readonly Dimm[] | null;
  readonly hybridPmu: MapByValue | null;
  readonly cpuCapacity: MapByValue | null;
  /** The state that `doctor` judges beside the above; null where the host does not say. */
  readonly numaBalancing: number | null;
  /** CPUs' worth of time that the cgroup leaves to this process; null where it does not limit it. */
  readonly cgroupCpuQuota: number | null;
  /** Bytes that the cgroup leaves to this process; null where it does not limit them. */
  readonly cgroupMemoryBytes: number | null;
  readonly swapTotalBytes: number | null;
  readonly swapFreeBytes: number | null;
  /** Distribution and release, `Debian GNU/Linux 12`; a captured tree does not say. */
  readonly osName?: string | null;
}

export interface CpuIdleState {
  readonly state: number;
  readonly name: string | null;
  readonly latencyUs: number | null;
  readonly disabled: number | null;
}

export interface HugepagePool {
  readonly sizeKiB: number;
  readonly total: number;
  readonly free: number;
}

export interface Dimm {
  readonly locator: string | null;
  readonly bank: string | null;
  readonly manufacturer: string | null;
  readonly partNumber: string | null;
  readonly sizeMiB: number | null;
  readonly speedMTs: number | null;
  readonly configuredMTs: number | null;
  readonly typeCode: number | null;
}
