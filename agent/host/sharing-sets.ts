import { parseCpuMask } from "../../shared/domain/cpu-mask.ts";
import {
  type CpuSet,
  formatCpuList,
  intersectCpuSets,
  parseCpuList,
} from "../../shared/domain/cpuset.ts";
import { type HostFiles, readText } from "./host-files.ts";

/** A set of PUs that the kernel writes under several names and in two formats. */
export interface SetFiles {
  readonly directory: string;
  /** Files in list format, the preferred one first. */
  readonly lists: readonly string[];
  readonly masks: readonly string[];
}

/**
 * The first of the files that holds a well-formed set; where all are damaged, what is left of the
 * first list. Null where no file says anything: an empty file counts as missing.
 */
export async function readSharingSet(files: HostFiles, set: SetFiles): Promise<CpuSet | null> {
  let damaged: CpuSet | null = null;
  for (const name of set.lists) {
    const path = `${set.directory}/${name}`;
    const text = await readText(files, path);
    if (text === null || text.trim() === "") continue;
    const { cpus, problems } = parseCpuList(text);
    if (problems.length === 0) return cpus;
    for (const { item } of problems) {
      files.warnings.add(path, `skipped "${item}", which is no CPU list`);
    }
    damaged ??= cpus;
  }
  return (await readMask(files, set)) ?? damaged;
}

async function readMask(files: HostFiles, set: SetFiles): Promise<CpuSet | null> {
  for (const name of set.masks) {
    const path = `${set.directory}/${name}`;
    const text = await readText(files, path);
    if (text === null || text.trim() === "") continue;
    const cpus = parseCpuMask(text);
    if (cpus !== null) return cpus;
    files.warnings.add(path, `holds "${text.trim().slice(0, 40)}", which is no CPU mask`);
  }
  return null;
}

/**
 * As {@link readSharingSet}, and warns where list and mask contradict each other among the `online`
 * PUs. It reads twice as many files, so it is for the few sets of a host: NUMA nodes and packages.
 */
export async function readVerifiedSet(
  files: HostFiles,
  set: SetFiles,
  online: CpuSet,
): Promise<CpuSet | null> {
  const cpus = await readSharingSet(files, set);
  const mask = await readMask(files, set);
  if (cpus === null || mask === null) return cpus ?? mask;
  const fromList = formatCpuList(intersectCpuSets(online, cpus));
  const fromMask = formatCpuList(intersectCpuSets(online, mask));
  if (fromList !== fromMask) {
    files.warnings.add(
      `${set.directory}/${set.lists[0] ?? ""}`,
      `lists "${fromList}" and its mask "${fromMask}"; the list is taken`,
    );
  }
  return cpus;
}
