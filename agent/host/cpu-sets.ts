import {
  type CpuSet,
  formatCpuList,
  intersectCpuSets,
  maxPuId,
  parseCpuList,
  subtractCpuSets,
  toCpuSet,
} from "../../shared/domain/cpuset.ts";
import {
  cpuDirectory,
  type HostFiles,
  listNumbered,
  readCpuList,
  readInteger,
  readText,
  readWord,
} from "./host-files.ts";

/** Which PUs the host has, before anything is said about how they hang together. */
export interface HostCpus {
  readonly online: CpuSet;
  /** The online PUs that have a directory: only these are asked for their files. */
  readonly described: CpuSet;
  readonly present: CpuSet | null;
  readonly possible: CpuSet | null;
  readonly offline: CpuSet;
  readonly isolated: CpuSet | null;
  readonly kernelMax: number | null;
}

/** Reads the kernel's lists; where `cpu/online` is missing, the `online` file of every CPU. */
export async function readHostCpus(files: HostFiles): Promise<HostCpus> {
  const listed = (await listNumbered(files, cpuDirectory, "cpu")) ?? [];
  const directories = listed.filter((pu) => pu <= maxPuId);
  const online = (await readOnlineList(files)) ?? (await probeOnline(files, directories));
  const present = await readCpuList(files, `${cpuDirectory}/present`);
  const offline = subtractCpuSets(present ?? toCpuSet(directories), online);
  await warnOfContradiction(files, online, intersectCpuSets(offline, directories));
  return {
    online,
    described: intersectCpuSets(online, directories),
    present,
    possible: await readCpuList(files, `${cpuDirectory}/possible`),
    offline,
    isolated: await readCpuList(files, `${cpuDirectory}/isolated`),
    kernelMax: await readInteger(files, `${cpuDirectory}/kernel_max`),
  };
}

/** The text of `cpu/online`, by which a change of the set during a reading is seen. */
export function readOnlineText(files: HostFiles): Promise<string | null> {
  return readText(files, `${cpuDirectory}/online`);
}

async function readOnlineList(files: HostFiles): Promise<CpuSet | null> {
  const path = `${cpuDirectory}/online`;
  const text = await readText(files, path);
  if (text === null) return null;
  const { cpus, problems } = parseCpuList(text);
  for (const { item } of problems)
    files.warnings.add(path, `skipped "${item}", which is no CPU list`);
  if (cpus.length > 0) return cpus;
  files.warnings.add(path, "names no CPU; the online file of every CPU is read instead");
  return null;
}

/** cpu0 often has no `online` file, for it cannot be taken offline: a missing file means online. */
async function probeOnline(files: HostFiles, directories: readonly number[]): Promise<CpuSet> {
  const online: number[] = [];
  const withTopology = new Set<number>();
  for (const pu of directories) {
    if ((await readWord(files, `${cpuDirectory}/cpu${pu}/online`)) !== "0") online.push(pu);
    if ((await files.reader.list(`${cpuDirectory}/cpu${pu}/topology`)) !== null) {
      withTopology.add(pu);
    }
  }
  // A kernel that takes a CPU offline removes its topology directory. Where no CPU has one, the
  // directories say nothing.
  return withTopology.size === 0 ? online : online.filter((pu) => withTopology.has(pu));
}

/** A container that virtualises `cpu/online` (LXCFS) leaves the CPUs' own files as the host has them. */
async function warnOfContradiction(
  files: HostFiles,
  online: CpuSet,
  offline: CpuSet,
): Promise<void> {
  const contradicting: number[] = [];
  for (const pu of offline) {
    if ((await readWord(files, `${cpuDirectory}/cpu${pu}/online`)) === "1") contradicting.push(pu);
  }
  if (contradicting.length === 0) return;
  files.warnings.add(
    `${cpuDirectory}/online`,
    `lists only "${formatCpuList(online)}", while CPUs ${formatCpuList(contradicting)} say that ` +
      "they are online: a container may show a part of the host; the list is taken",
  );
}
