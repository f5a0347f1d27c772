import type { AxisValue, Cell } from "../../shared/domain/cell.ts";
import type { InstancePlacement } from "../../shared/domain/placement.ts";

/** What this host offers to knobs; read once at the agent's start. */
export interface KnobHost {
  readonly bindingTool: "numactl" | "taskset" | "none";
  /** False where the kernel forbids memory policies, as containers do. */
  readonly canBindMemory: boolean;
  /** NUMA nodes with memory. */
  readonly memoryNodes: readonly number[];
  /** Shared libraries that are there: name without version → path. */
  readonly libraries: Readonly<Record<string, string>>;
  /** setpriv can have the kernel kill a program when its parent dies. */
  readonly hasDeathSignal: boolean;
}

/** One value of a knob, for one launch. */
export interface KnobSetting {
  /** Added to the closed environment of the runner. */
  readonly environment: Readonly<Record<string, string>>;
  /** Put before the runner's command, for one instance. */
  readonly prefix: (placement: InstancePlacement) => readonly string[];
  /** Null where the running instance shows that the value is in force, else what was found instead. */
  readonly proof: (evidence: KnobEvidence) => string | null;
  /** Recorded as read back. */
  readonly readback: Readonly<Record<string, string | number | boolean | null>>;
  /** Undoes what outlives the process; null where nothing does. */
  readonly restore: (() => Promise<void>) | null;
}

/** What can be seen of a running instance from outside. */
interface KnobEvidence {
  /** The files in /proc/PID/maps; null where it cannot be read. */
  readonly mappedFiles: readonly string[] | null;
  readonly placement: InstancePlacement;
  /** Threads that the runner says it computes with. */
  readonly reportedThreads: number;
}

export interface KnobRefusal {
  readonly refused: string;
}

/** A setting outside of the program that a sweep varies: one file a knob, one line in the registry. */
export interface Knob {
  readonly name: string;
  /** Axes that it reads; empty where the placement alone decides. */
  readonly axes: readonly string[];
  /** Decides how to set it, or refuses: asked for but missing never runs with the default. */
  set(request: KnobRequest, host: KnobHost): KnobSetting | KnobRefusal;
}

interface KnobRequest {
  readonly cell: Cell;
  readonly value: AxisValue | undefined;
  readonly instances: readonly InstancePlacement[];
}

/** A setting that changes nothing, to be spread. */
export const noSetting: KnobSetting = {
  environment: {},
  prefix: () => [],
  proof: () => null,
  readback: {},
  restore: null,
};
