import { type CpuSet, formatCpuList, toCpuSet } from "../../shared/domain/cpuset.ts";
import type { MapByValue } from "../../shared/domain/topology.ts";
import { cpuDirectory, type HostFiles, listNumbered, readCpuList, readWord } from "./host-files.ts";

/**
 * One file of every online PU as a map from its text to the PUs that have it, in the order of the
 * first PU; null where no PU has the file, or all are empty. `file` is relative to `cpuN`.
 */
export async function readMapByValue(
  files: HostFiles,
  online: CpuSet,
  file: string,
): Promise<MapByValue | null> {
  const pusByValue = new Map<string, number[]>();
  for (const pu of online) {
    const value = await readWord(files, `${cpuDirectory}/cpu${pu}/${file}`);
    if (value !== null) append(pusByValue, value, [pu]);
  }
  return toMapByValue(pusByValue);
}

/** The frequency facts, each a map by value. */
export interface FrequencyMaps {
  readonly scalingDriver: MapByValue | null;
  readonly scalingGovernor: MapByValue | null;
  readonly energyPerformancePreference: MapByValue | null;
  readonly maxFreqKHz: MapByValue | null;
  readonly baseFreqKHz: MapByValue | null;
}

const frequencyFiles = {
  scalingDriver: "scaling_driver",
  scalingGovernor: "scaling_governor",
  energyPerformancePreference: "energy_performance_preference",
  maxFreqKHz: "cpuinfo_max_freq",
  baseFreqKHz: "base_frequency",
} as const;

/**
 * The cpufreq files of every online PU. A PU without a `cpufreq` directory has what the policy that
 * names it says; a host without any has null everywhere.
 */
export async function readFrequencies(files: HostFiles, online: CpuSet): Promise<FrequencyMaps> {
  const directories = await findPolicies(files, online);
  const maps: Record<string, MapByValue | null> = {};
  for (const [name, file] of Object.entries(frequencyFiles)) {
    const pusByValue = new Map<string, number[]>();
    for (const [directory, pus] of directories) {
      const value = await readWord(files, `${directory}/${file}`);
      if (value !== null) append(pusByValue, value, pus);
    }
    maps[name] = toMapByValue(pusByValue);
  }
  return {
    scalingDriver: maps["scalingDriver"] ?? null,
    scalingGovernor: maps["scalingGovernor"] ?? null,
    energyPerformancePreference: maps["energyPerformancePreference"] ?? null,
    maxFreqKHz: maps["maxFreqKHz"] ?? null,
    baseFreqKHz: maps["baseFreqKHz"] ?? null,
  };
}

/** cpufreq directory → the online PUs that it speaks for. */
async function findPolicies(files: HostFiles, online: CpuSet): Promise<Map<string, number[]>> {
  const directories = new Map<string, number[]>();
  const without: number[] = [];
  for (const pu of online) {
    const directory = `${cpuDirectory}/cpu${pu}/cpufreq`;
    if ((await files.reader.list(directory)) === null) without.push(pu);
    else directories.set(directory, [pu]);
  }
  if (without.length === 0) return directories;
  const policies = `${cpuDirectory}/cpufreq`;
  for (const number of (await listNumbered(files, policies, "policy")) ?? []) {
    const affected = await readCpuList(files, `${policies}/policy${number}/affected_cpus`);
    const pus = without.filter((pu) => affected?.includes(pu));
    if (pus.length > 0) directories.set(`${policies}/policy${number}`, pus);
  }
  return directories;
}

function append(pusByValue: Map<string, number[]>, value: string, pus: readonly number[]): void {
  const known = pusByValue.get(value);
  if (known === undefined) pusByValue.set(value, [...pus]);
  else known.push(...pus);
}

function toMapByValue(pusByValue: ReadonlyMap<string, readonly number[]>): MapByValue | null {
  if (pusByValue.size === 0) return null;
  return Object.fromEntries(
    [...pusByValue].map(([value, pus]) => [value, formatCpuList(toCpuSet(pus))]),
  );
}
