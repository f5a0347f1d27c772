import { type CpuSet, parseCpuList } from "../../shared/domain/cpuset.ts";
import { parseCgroupPath, unifiedMount } from "../knobs/delegated-tree.ts";
import type { CgroupEvidence } from "../knobs/knob.ts";
import type { HostFiles } from "./launch-files.ts";

/** The cgroup of a process in the unified hierarchy, with the PUs and NUMA nodes that it grants. */
export async function readCgroup(files: HostFiles, pid: number): Promise<CgroupEvidence | null> {
  const path = parseCgroupPath(await files.read(`/proc/${pid}/cgroup`));
  if (path === null) return null;
  const directory = `${unifiedMount}${path === "/" ? "" : path}`;
  const [cpus, memoryNodes] = await Promise.all([
    files.read(`${directory}/cpuset.cpus.effective`),
    files.read(`${directory}/cpuset.mems.effective`),
  ]);
  return { path, cpus: parseSet(cpus), memoryNodes: parseSet(memoryNodes) };
}

function parseSet(text: string | null): CpuSet | null {
  return text === null ? null : parseCpuList(text.trim()).cpus;
}
