import { formatCpuList } from "../../shared/domain/cpuset.ts";
import type { InstancePlacement } from "../../shared/domain/placement.ts";
import { type Knob, type KnobHost, type KnobRefusal, noSetting } from "./knob.ts";

/**
 * CPU binding and memory policy of each instance, by numactl or else by taskset. Both exec the
 * runner, so that its process id is the one that was spawned.
 */
export const binding: Knob = {
  name: "binding",
  axes: [],
  set({ instances }, host) {
    const refusal = instances.map((instance) => refuse(instance, host)).find((found) => found);
    if (refusal !== undefined && refusal !== null) return refusal;
    const prefix = (placement: InstancePlacement): readonly string[] =>
      host.bindingTool === "numactl" ? numactl(placement, host) : taskset(placement);
    return {
      ...noSetting,
      prefix,
      readback: toReadback(instances, host),
      shown: ({ allowedPus }) => ({
        allowed_pus: allowedPus.length === 0 ? null : formatCpuList(allowedPus),
      }),
    };
  },
};

/** Which tool bound the PUs, and whether a memory policy was set or the one place for memory sufficed. */
function toReadback(instances: readonly InstancePlacement[], host: KnobHost) {
  const policies = [...new Set(instances.map(({ memoryPolicy }) => memoryPolicy))];
  const isSet = host.canBindMemory && policies.some((policy) => policy !== "local");
  return {
    binding_tool: host.bindingTool,
    memory_policy: policies.join(","),
    memory_policy_set_by: isSet ? "numactl" : "none",
  };
}

function refuse(
  { memoryPolicy, memoryNodes }: InstancePlacement,
  host: KnobHost,
): KnobRefusal | null {
  if (host.bindingTool === "none") {
    return { refused: "neither numactl nor taskset is installed on this host" };
  }
  if (memoryPolicy === "local" || isOnlyMemory(memoryNodes, host)) return null;
  if (host.bindingTool === "taskset") {
    return { refused: `memory policy ${memoryPolicy} needs numactl, which is not installed` };
  }
  if (host.canBindMemory) return null;
  return { refused: `the kernel forbids the memory policy ${memoryPolicy} to this agent` };
}

/** With memory in one place only, every policy puts it there. */
function isOnlyMemory(memoryNodes: readonly number[], host: KnobHost): boolean {
  return host.memoryNodes.length === 1 && memoryNodes.every((id) => host.memoryNodes.includes(id));
}

function numactl({ pus, memoryNodes, memoryPolicy }: InstancePlacement, host: KnobHost) {
  const nodes = formatCpuList(memoryNodes);
  const flags = {
    local: [],
    bind: [`--membind=${nodes}`],
    interleave: [`--interleave=${nodes}`],
    preferred: [`--preferred=${memoryNodes[0] ?? 0}`],
  }[memoryPolicy];
  const memory = host.canBindMemory ? flags : [];
  // The agent may have left these PUs to the instances: without --all numactl takes them for absent.
  return ["numactl", "--all", `--physcpubind=${formatCpuList(pus)}`, ...memory, "--"];
}

function taskset({ pus }: InstancePlacement): readonly string[] {
  return ["taskset", "--cpu-list", formatCpuList(pus)];
}
