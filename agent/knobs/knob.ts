import type { AxisValue, Cell } from "../../shared/domain/cell.ts";
import type { CpuSet } from "../../shared/domain/cpuset.ts";
import type { InstancePlacement } from "../../shared/domain/placement.ts";

/** What this host offers to knobs; read once at the agent's start. */
export interface KnobHost {
  readonly bindingTool: "numactl" | "taskset" | "none";
  readonly scopes: LaunchScopes;
  /** False where the kernel forbids memory policies, as containers do. */
  readonly canBindMemory: boolean;
  /** NUMA nodes with memory. */
  readonly memoryNodes: readonly number[];
  /** Shared libraries that are there: name without version → path. */
  readonly libraries: Readonly<Record<string, string>>;
  /** setpriv can have the kernel kill a program when its parent dies. */
  readonly hasDeathSignal: boolean;
  readonly hugePages: HostSwitch;
  readonly governor: HostSwitch;
}

/** A service manager that gives scopes to this agent. */
export interface ServiceManager {
  readonly manager: "system" | "user";
  /** How its tools find it. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A part of the cgroup hierarchy that was given to this agent, who makes cgroups for launches there itself. */
export interface DelegatedTree {
  readonly manager: "delegated";
  readonly environment: Readonly<Record<string, never>>;
  readonly directory: string;
}

export type ScopeManager = ServiceManager | DelegatedTree;

/** Where launches can run in cgroups of their own, or why they do not. */
export type LaunchScopes = ScopeManager | { readonly manager: null; readonly problem: string };

/** Which instance of which launch a process is. */
export interface LaunchPlace {
  /** Null for a launch that nobody has to find again. */
  readonly launchId: string | null;
  readonly index: number;
}

/** A setting of the kernel that holds for the whole host. */
export interface HostSwitch {
  /** What may be written to it; empty where the host has no such setting. */
  readonly values: readonly string[];
  /** Why this agent cannot set it, or null. */
  readonly problem: string | null;
}

/** A file of sysfs with what is to stand in it during a launch. */
export interface HostChange {
  readonly path: string;
  readonly value: string;
}

/** One value of a knob, for one launch. */
export interface KnobSetting {
  /** Added to the closed environment of the runner. */
  readonly environment: Readonly<Record<string, string>>;
  /** Libraries that the loader puts before all others, in this order. */
  readonly preload: readonly string[];
  /** Put before the runner's command, for one instance. */
  readonly prefix: (placement: InstancePlacement, launch: LaunchPlace) => readonly string[];
  /** Written before the launch, and put back after it or after the agent's death: see host-settings.ts. */
  readonly hostChanges: readonly HostChange[];
  /** Null where the running instance shows that the value is in force, else what was found instead. */
  readonly proof: (evidence: KnobEvidence) => string | null;
  /** What was set, recorded beside what was read back. */
  readonly readback: Readback;
  /** What the running instance shows of it, recorded whether or not it was asked for. */
  readonly shown: (evidence: KnobEvidence) => Readback;
}

/** Values by name, as results keep them; null where something does not say. */
export type Readback = Readonly<Record<string, string | number | boolean | null>>;

/** What can be seen of a running instance from outside. */
export interface KnobEvidence {
  /** The files in /proc/PID/maps; null where it cannot be read. */
  readonly mappedFiles: readonly string[] | null;
  readonly placement: InstancePlacement;
  /** Threads that the runner says it computes with. */
  readonly reportedThreads: number;
  /** What it says of itself in `ready.readback`. */
  readonly reported: Readback;
  /** The first of what it wrote to stderr, where runtimes show their settings. */
  readonly stderrHead: string;
  /** PUs on which any thread of it may run; empty where /proc does not show it. */
  readonly allowedPus: readonly number[];
  /** PUs on which some thread of it is bound alone. */
  readonly soloPus: readonly number[];
  readonly host: HostState;
  /** Null where /proc does not show it, or the host has no unified hierarchy. */
  readonly cgroup: CgroupEvidence | null;
}

/** The cgroup of a process, with what the kernel grants it; a set is null where the cgroup has none. */
export interface CgroupEvidence {
  readonly path: string;
  readonly cpus: CpuSet | null;
  readonly memoryNodes: CpuSet | null;
}

/** The host-wide settings that knobs change, as they are at this moment; null where they are absent. */
export interface HostState {
  /** `always`, `madvise` or `never`. */
  readonly hugePages: string | null;
  /** Of the instance's PUs; null also where they differ. */
  readonly governor: string | null;
  /** Bytes of the process in transparent huge pages. */
  readonly hugePageBytes: number | null;
}

export interface KnobRefusal {
  readonly refused: string;
}

/** A setting outside of the program that a sweep varies: one file a knob, one line in the registry. */
export interface Knob {
  readonly name: string;
  /** Axes that it reads; the first is its value. Empty where the placement alone decides. */
  readonly axes: readonly string[];
  /** Decides how to set it, or refuses: asked for but missing never runs with the default. */
  set(request: KnobRequest, host: KnobHost): KnobSetting | KnobRefusal;
}

export interface KnobRequest {
  readonly cell: Cell;
  readonly value: AxisValue | undefined;
  readonly instances: readonly InstancePlacement[];
}

/** A setting that changes nothing, to be spread. */
export const noSetting: KnobSetting = {
  environment: {},
  preload: [],
  prefix: () => [],
  hostChanges: [],
  proof: () => null,
  readback: {},
  shown: () => ({}),
};
