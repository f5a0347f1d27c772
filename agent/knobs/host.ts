import { join } from "node:path";
import { parseCpuList } from "../../shared/domain/cpuset.ts";
import { setprivOptions } from "./death-signal.ts";
import { findScopes } from "./find-scopes.ts";
import type { KnobHostProbe } from "./host-probe.ts";
import { readGovernor, readHugePages } from "./host-switches.ts";
import type { KnobHost } from "./knob.ts";

const libraryDirectories = [
  "/usr/lib/x86_64-linux-gnu",
  "/usr/lib64",
  "/usr/local/lib",
  "/usr/lib",
];

const preloadable = ["libjemalloc", "libtcmalloc_minimal", "libmimalloc", "libiomp5", "libomp"];

/** Finds what this host offers to knobs. Starts programs, so it belongs to the agent's start. */
export async function readKnobHost(
  probe: KnobHostProbe,
  settings: { readonly scopes: "auto" | "off" } = { scopes: "auto" },
): Promise<KnobHost> {
  const memoryNodes = parseCpuList(
    (await probe.read("/sys/devices/system/node/has_memory")) ?? "",
  ).cpus;
  const bindingTool = await findBindingTool(probe);
  const canBindMemory =
    bindingTool === "numactl" &&
    memoryNodes[0] !== undefined &&
    (await probe.succeeds(["numactl", `--membind=${memoryNodes[0]}`, "--", "true"]));
  return {
    bindingTool,
    scopes:
      settings.scopes === "off"
        ? { manager: null, problem: "the agent's file turns launch_scopes off" }
        : await findScopes(probe),
    canBindMemory,
    memoryNodes,
    libraries: await findLibraries(probe),
    hugePages: await readHugePages(probe),
    governor: await readGovernor(probe),
    hasDeathSignal:
      (await probe.hasProgram("setpriv")) &&
      (await probe.succeeds(["setpriv", ...setprivOptions, "true"])),
  };
}

async function findBindingTool(probe: KnobHostProbe): Promise<KnobHost["bindingTool"]> {
  for (const tool of ["numactl", "taskset"] as const) {
    if (await probe.hasProgram(tool)) return tool;
  }
  return "none";
}

/** The highest version of each library in the first directory that has it. */
async function findLibraries(probe: KnobHostProbe): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const directory of libraryDirectories) {
    const names = await probe.list(directory);
    for (const library of preloadable) {
      if (found[library] !== undefined) continue;
      const versions = names.filter((name) => name.startsWith(`${library}.so`)).sort();
      const highest = versions.at(-1);
      if (highest !== undefined) found[library] = await probe.resolve(join(directory, highest));
    }
  }
  return found;
}
