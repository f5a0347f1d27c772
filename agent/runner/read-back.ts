import { toCpuSet } from "../../shared/domain/cpuset.ts";
import type { HostState, KnobEvidence, KnobSetting, Readback } from "../knobs/knob.ts";
import { type AffinityReadback, readAffinity } from "./affinity.ts";
import { readCgroup } from "./cgroup-evidence.ts";
import { readHostState } from "./host-state.ts";
import type { HostFiles } from "./launch-files.ts";
import type { RunningLaunch } from "./running-launch.ts";

/** What one instance shows from outside, once it is warm and all of its threads exist. */
export interface InstanceReadback {
  readonly affinity: AffinityReadback | null;
  readonly host: HostState;
  /** What knobs found instead of the value asked for. */
  readonly knobProblems: readonly string[];
  /** What it shows of each knob: mapped files, runtimes' own words, PUs. */
  readonly shown: Readback;
}

/** Reads affinity and the proofs of the knobs from /proc, for every instance. */
export async function readBack(launch: RunningLaunch): Promise<readonly InstanceReadback[]> {
  const { files } = launch.deps.system;
  return await Promise.all(
    launch.instances.map(async ({ pid }, index) => {
      const placement = launch.plan.instances[index];
      const reportedThreads = launch.ready[index]?.threads;
      if (placement === undefined || reportedThreads === undefined) {
        throw new Error(`instance ${index} is not of this launch`);
      }
      const affinity = await readAffinity(files, pid, placement.pus);
      const host = await readHostState(files, pid, placement.pus);
      const environ = await readEnviron(files, pid);
      const evidence: KnobEvidence = {
        mappedFiles: await readMappedFiles(files, pid),
        placement,
        reportedThreads,
        reported: launch.ready[index]?.readback ?? {},
        stderrHead: launch.instances[index]?.stderrHead ?? "",
        allowedPus: affinity?.allowedPus ?? [],
        soloPus: affinity?.soloPus ?? [],
        host,
        cgroup: await readCgroup(files, pid),
      };
      const knobProblems = launch.plan.settings.flatMap(({ knob, setting }) => {
        const problem = findLost(setting, environ) ?? setting.proof(evidence);
        return problem === null ? [] : [`${knob}: ${problem}`];
      });
      const shown = launch.plan.settings.map(({ setting }) => setting.shown(evidence));
      return { affinity, host, knobProblems, shown: Object.assign({}, ...shown) as Readback };
    }),
  );
}

/** Both readings of each instance as one: what was off its plan at any time was off. */
export function mergeReadbacks(
  before: readonly InstanceReadback[],
  after: readonly InstanceReadback[],
): readonly InstanceReadback[] {
  return before.map((first, index) => {
    const second = after[index] ?? first;
    return {
      affinity: mergeAffinity(first.affinity, second.affinity),
      host: second.host,
      knobProblems: [...new Set([...first.knobProblems, ...second.knobProblems])],
      shown: second.shown,
    };
  });
}

function mergeAffinity(
  before: AffinityReadback | null,
  after: AffinityReadback | null,
): AffinityReadback | null {
  if (before === null || after === null) return before ?? after;
  return {
    threads: Math.max(before.threads, after.threads),
    allowedPus: toCpuSet([...before.allowedPus, ...after.allowedPus]),
    strayPus: toCpuSet([...before.strayPus, ...after.strayPus]),
    soloPus: after.soloPus,
  };
}

/** A variable that the process does not have: something between the agent and it took it away. */
function findLost(
  { environment }: KnobSetting,
  environ: ReadonlySet<string> | null,
): string | null {
  if (environ === null) return null;
  const lost = Object.entries(environment).find(
    ([name, value]) => !environ.has(`${name}=${value}`),
  );
  return lost === undefined ? null : `${lost[0]} is not in the environment of the process`;
}

/** What the process was started with, as `NAME=value`. */
async function readEnviron(files: HostFiles, pid: number): Promise<ReadonlySet<string> | null> {
  const text = await files.read(`/proc/${pid}/environ`);
  return text === null ? null : new Set(text.split("\0"));
}

/** The files in /proc/PID/maps, each once. */
async function readMappedFiles(files: HostFiles, pid: number): Promise<readonly string[] | null> {
  const text = await files.read(`/proc/${pid}/maps`);
  if (text === null) return null;
  const paths = text.split("\n").flatMap((line) => {
    const at = line.indexOf("/");
    return at === -1 ? [] : [line.slice(at)];
  });
  return [...new Set(paths)];
}
