import { type CgroupPlace, type CgroupTexts, cgroupPlaces } from "../logic/cgroup-paths.ts";
import { type HostFiles, readText, readWord } from "./host-files.ts";

/** What the cgroup leaves to this process, beside its cpuset; null where it limits nothing. */
export interface CgroupLimits {
  readonly cgroupCpuQuota: number | null;
  readonly cgroupMemoryBytes: number | null;
}

/** The tightest limit among the process's cgroup and its ancestors holds. */
export async function readCgroupLimits(files: HostFiles): Promise<CgroupLimits> {
  const texts = await readCgroupTexts(files);
  return {
    cgroupCpuQuota: await readTightest(files, cgroupPlaces(texts, "cpu"), readCpuQuota),
    cgroupMemoryBytes: await readTightest(files, cgroupPlaces(texts, "memory"), readMemoryLimit),
  };
}

export async function readCgroupTexts(files: HostFiles): Promise<CgroupTexts> {
  return {
    mounts: await readText(files, "proc/mounts"),
    cgroup: await readText(files, "proc/self/cgroup"),
    cpuset: await readText(files, "proc/self/cpuset"),
  };
}

type ReadLimit = (files: HostFiles, directory: string, version: 1 | 2) => Promise<number | null>;

async function readTightest(
  files: HostFiles,
  places: readonly CgroupPlace[],
  readLimit: ReadLimit,
): Promise<number | null> {
  const limits: number[] = [];
  for (const { version, directories } of places) {
    for (const directory of directories) {
      const limit = await readLimit(files, directory, version);
      if (limit !== null) limits.push(limit);
    }
  }
  return limits.length === 0 ? null : Math.min(...limits);
}

/** `cpu.max` holds `QUOTA PERIOD` or `max PERIOD` in µs; version 1 has two files, and -1 for no limit. */
const readCpuQuota: ReadLimit = async (files, directory, version) => {
  const [quota, period] =
    version === 2
      ? ((await readWord(files, `${directory}/cpu.max`)) ?? "").split(/\s+/)
      : [
          (await readWord(files, `${directory}/cpu.cfs_quota_us`)) ?? "",
          (await readWord(files, `${directory}/cpu.cfs_period_us`)) ?? "",
        ];
  const limit = toCount(quota);
  const length = toCount(period);
  return limit === null || length === null || length === 0 ? null : limit / length;
};

/** Version 1 writes the largest page-aligned 64-bit number where it limits nothing. */
const readMemoryLimit: ReadLimit = async (files, directory, version) => {
  const name = version === 2 ? "memory.max" : "memory.limit_in_bytes";
  return toCount((await readWord(files, `${directory}/${name}`)) ?? "");
};

/** A number of at most 15 digits; `max`, -1 and numbers beyond any memory are no limit. */
function toCount(word: string | undefined): number | null {
  return word !== undefined && /^\d{1,15}$/.test(word) ? Number(word) : null;
}
