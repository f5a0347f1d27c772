import { toCpuSet } from "../../shared/domain/cpuset.ts";
import { type AffinityReadback, readAffinity } from "./affinity.ts";
import type { HostFiles } from "./launch-system.ts";
import type { RunningLaunch } from "./running-launch.ts";

/** What one instance shows from outside, once it is warm and all of its threads exist. */
export interface InstanceReadback {
  readonly affinity: AffinityReadback | null;
  /** What knobs found instead of the value asked for. */
  readonly knobProblems: readonly string[];
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
      const mappedFiles = await readMappedFiles(files, pid);
      const evidence = { mappedFiles, placement, reportedThreads };
      return {
        affinity: await readAffinity(files, pid, placement.pus),
        knobProblems: launch.plan.settings.flatMap(({ knob, setting }) => {
          const problem = setting.proof(evidence);
          return problem === null ? [] : [`${knob}: ${problem}`];
        }),
      };
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
      knobProblems: [...new Set([...first.knobProblems, ...second.knobProblems])],
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
    strayPus: toCpuSet([...before.strayPus, ...after.strayPus]),
  };
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
