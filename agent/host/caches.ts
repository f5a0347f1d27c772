import { type CpuSet, formatCpuList, intersectCpuSets } from "../../shared/domain/cpuset.ts";
import type { Cache } from "../../shared/domain/topology.ts";
import { cpuDirectory, type HostFiles, listNumbered, readInteger, readWord } from "./host-files.ts";
import { readSharingSet } from "./sharing-sets.ts";

/** Which PUs a cache at one place in the `cache` directory is already known for. */
type CoveredByIndex = Map<number, Set<number>>;

interface CacheReading {
  readonly online: CpuSet;
  /** PU → the PUs of its core, for caches that do not say who shares them. */
  readonly coreOf: ReadonlyMap<number, CpuSet>;
  readonly covered: CoveredByIndex;
  readonly byKey: Map<string, Cache>;
}

/**
 * Every cache of the online PUs, keyed by level, type and sharing set, for cache ids collide and
 * `indexN` has gaps. A cache is read once, at the first of its PUs.
 */
export async function readCaches(
  files: HostFiles,
  online: CpuSet,
  coreOf: ReadonlyMap<number, CpuSet>,
): Promise<Cache[]> {
  const reading: CacheReading = { online, coreOf, covered: new Map(), byKey: new Map() };
  const complete = new Set<number>();
  for (const pu of online) {
    if (complete.has(pu)) continue;
    const directory = `${cpuDirectory}/cpu${pu}/cache`;
    const indexes = (await listNumbered(files, directory, "index")) ?? [];
    for (const index of indexes) {
      if (!reading.covered.get(index)?.has(pu)) await readCache(files, reading, pu, index);
    }
    // The threads of a core share its caches, unless a set read above leaves one of them out.
    for (const sibling of coreOf.get(pu) ?? []) {
      if (indexes.every((index) => reading.covered.get(index)?.has(sibling))) complete.add(sibling);
    }
  }
  return [...reading.byKey.values()].sort(byLevel);
}

async function readCache(
  files: HostFiles,
  reading: CacheReading,
  pu: number,
  index: number,
): Promise<void> {
  const directory = `${cpuDirectory}/cpu${pu}/cache/index${index}`;
  const level = await readInteger(files, `${directory}/level`);
  const type = await readWord(files, `${directory}/type`);
  if (level === null || level < 1 || !isCacheType(type)) {
    files.warnings.add(directory, "does not say which level and type of cache it is: left out");
    return;
  }
  const cpus = await readSharers(files, reading, pu, directory);
  const covered = reading.covered.get(index) ?? new Set<number>();
  for (const member of cpus) covered.add(member);
  reading.covered.set(index, covered);
  const key = `${level} ${type} ${formatCpuList(cpus)}`;
  if (reading.byKey.has(key)) return;
  reading.byKey.set(key, {
    level,
    type,
    sizeBytes: parseCacheSize(
      files,
      `${directory}/size`,
      await readWord(files, `${directory}/size`),
    ),
    lineBytes: await readInteger(files, `${directory}/coherency_line_size`),
    cpus: formatCpuList(cpus),
  });
}

async function readSharers(
  files: HostFiles,
  reading: CacheReading,
  pu: number,
  directory: string,
): Promise<CpuSet> {
  const set = await readSharingSet(files, {
    directory,
    lists: ["shared_cpu_list"],
    masks: ["shared_cpu_map"],
  });
  const sharers = intersectCpuSets(reading.online, set ?? []);
  if (sharers.includes(pu)) return sharers;
  files.warnings.add(directory, "does not say who shares the cache: taken as the core's own");
  return reading.coreOf.get(pu) ?? [pu];
}

function isCacheType(type: string | null): type is Cache["type"] {
  return type === "Data" || type === "Instruction" || type === "Unified";
}

const bytesPerUnit: Readonly<Record<string, number>> = {
  "": 1,
  K: 1024,
  M: 1024 ** 2,
  G: 1024 ** 3,
};

/** The kernel writes KiB (`2048K`); larger units are read too. */
function parseCacheSize(files: HostFiles, path: string, text: string | null): number | null {
  if (text === null) return null;
  const match = /^(\d{1,12})([KMG]?)$/.exec(text);
  if (match === null) {
    files.warnings.add(path, `holds "${text.slice(0, 40)}" where a size was expected`);
    return null;
  }
  return Number(match[1]) * (bytesPerUnit[match[2] ?? ""] ?? 1);
}

const typeOrder: readonly Cache["type"][] = ["Data", "Instruction", "Unified"];

/** The sort is stable, so caches of one kind stay in the order of their first PU. */
function byLevel(a: Cache, b: Cache): number {
  return a.level - b.level || typeOrder.indexOf(a.type) - typeOrder.indexOf(b.type);
}
