import {
  type CpuSet,
  formatCpuList,
  intersectCpuSets,
  subtractCpuSets,
} from "../../shared/domain/cpuset.ts";
import { cpuDirectory, type HostFiles, readInteger } from "./host-files.ts";
import { readSharingSet } from "./sharing-sets.ts";

/** One core as the kernel groups its PUs; `coreId` is a label that repeats and has gaps. */
export interface CoreGroup {
  readonly coreId: number | null;
  readonly cpus: CpuSet;
}

export interface CoreOptions {
  readonly online: CpuSet;
  /** The online PUs that have a directory. */
  readonly described: CpuSet;
  /**
   * AMD families 21 and 22 list the two cores of a compute unit as siblings, and only their core
   * ids tell them apart.
   */
  readonly splitByCoreId: boolean;
}

/**
 * The cores of the online PUs. The sharing set is read once per core, of its first PU. PUs without
 * any topology file belong to no core here, and are named in a warning.
 */
export async function readCores(files: HostFiles, options: CoreOptions): Promise<CoreGroup[]> {
  const cores: CoreGroup[] = [];
  const covered = new Set<number>();
  for (const pu of options.described) {
    if (covered.has(pu)) continue;
    for (const core of await readCoreOf(files, pu, options)) {
      const cpus = core.cpus.filter((member) => !covered.has(member));
      for (const member of cpus) covered.add(member);
      if (cpus.length > 0) cores.push({ coreId: core.coreId, cpus });
    }
  }
  const unknown = options.online.filter((pu) => !covered.has(pu));
  if (unknown.length > 0) {
    files.warnings.add(
      `${cpuDirectory}`,
      `CPUs ${formatCpuList(unknown)} are online but have no topology files: their cores are unknown`,
    );
  }
  return cores;
}

async function readCoreOf(
  files: HostFiles,
  pu: number,
  options: CoreOptions,
): Promise<CoreGroup[]> {
  const directory = `${cpuDirectory}/cpu${pu}/topology`;
  const siblings = await readSharingSet(files, {
    directory,
    lists: ["core_cpus_list", "thread_siblings_list"],
    masks: ["core_cpus", "thread_siblings"],
  });
  const coreId = await readInteger(files, `${directory}/core_id`);
  if (siblings === null && coreId === null) return [];
  const online = intersectCpuSets(options.described, siblings ?? []);
  if (!online.includes(pu)) {
    files.warnings.add(
      directory,
      siblings === null
        ? "has no sibling list: the CPU is taken as a core of its own"
        : "lists siblings without the CPU itself: it is taken as a core of its own",
    );
    return [{ coreId, cpus: [pu] }];
  }
  if (!options.splitByCoreId) return [{ coreId, cpus: online }];
  return splitByCoreId(files, online);
}

async function splitByCoreId(files: HostFiles, cpus: CpuSet): Promise<CoreGroup[]> {
  const groups: CoreGroup[] = [];
  let rest = cpus;
  const ids = new Map<number, number | null>();
  for (const pu of cpus) {
    ids.set(pu, await readInteger(files, `${cpuDirectory}/cpu${pu}/topology/core_id`));
  }
  while (rest[0] !== undefined) {
    const coreId = ids.get(rest[0]) ?? null;
    const members = rest.filter((pu) => (ids.get(pu) ?? null) === coreId);
    groups.push({ coreId, cpus: members });
    rest = subtractCpuSets(rest, members);
  }
  return groups;
}
