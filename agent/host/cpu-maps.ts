import {
  type CpuSet,
  formatCpuList,
  intersectCpuSets,
  toCpuSet,
} from "../../shared/domain/cpuset.ts";
import type { MapByValue } from "../../shared/domain/topology.ts";
import {
  cpuDirectory,
  type HostFiles,
  listNumbered,
  readSpacedCpus,
  readWord,
} from "./host-files.ts";

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

/**
 * As {@link readMapByValue}, for a file that the kernel makes for every CPU or for none: where
 * neither the first nor the last PU has it, the others are not asked.
 */
export async function readUniformMap(
  files: HostFiles,
  online: CpuSet,
  file: string,
): Promise<MapByValue | null> {
  const ends = [...online.slice(0, 1), ...online.slice(-1)];
  const probe = await readMapByValue(files, ends, file);
  return probe === null ? null : readMapByValue(files, online, file);
}

/** The frequency facts, each a map by value. */
export interface FrequencyMaps {
  readonly scalingDriver: MapByValue | null;
  readonly scalingGovernor: MapByValue | null;
  readonly energyPerformancePreference: MapByValue | null;
  readonly maxFreqKHz: MapByValue | null;
  readonly baseFreqKHz: MapByValue | null;
  readonly policyBoost: MapByValue | null;
}

const frequencyFiles = {
  scalingDriver: "scaling_driver",
  scalingGovernor: "scaling_governor",
  energyPerformancePreference: "energy_performance_preference",
  maxFreqKHz: "cpuinfo_max_freq",
  baseFreqKHz: "base_frequency",
  policyBoost: "boost",
} as const;

/**
 * The cpufreq files of every online PU. A PU without a `cpufreq` directory has what the policy that
 * names it says; a host without any has null everywhere.
 */
export async function readFrequencies(files: HostFiles, online: CpuSet): Promise<FrequencyMaps> {
  const policies = await findPolicies(files, online);
  const maps: Record<string, MapByValue | null> = {};
  for (const [name, file] of Object.entries(frequencyFiles)) {
    const pusByValue = new Map<string, number[]>();
    for (const { directory, names, pus } of policies) {
      if (!names.has(file)) continue;
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
    policyBoost: maps["policyBoost"] ?? null,
  };
}

/** A cpufreq directory, its files, and the online PUs that it speaks for. */
interface Policy {
  readonly directory: string;
  readonly names: ReadonlySet<string>;
  readonly pus: readonly number[];
}

async function findPolicies(files: HostFiles, online: CpuSet): Promise<Policy[]> {
  const policies: Policy[] = [];
  const without: number[] = [];
  for (const pu of online) {
    const directory = `${cpuDirectory}/cpu${pu}/cpufreq`;
    const names = await files.reader.list(directory);
    if (names === null) without.push(pu);
    else policies.push({ directory, names: new Set(names), pus: [pu] });
  }
  if (without.length === 0) return policies;
  const shared = `${cpuDirectory}/cpufreq`;
  for (const number of (await listNumbered(files, shared, "policy")) ?? []) {
    const directory = `${shared}/policy${number}`;
    // A policy is numbered after one of its CPUs; older kernels name only the related ones.
    const members = (await readSpacedCpus(files, `${directory}/affected_cpus`)) ??
      (await readSpacedCpus(files, `${directory}/related_cpus`)) ?? [number];
    const pus = intersectCpuSets(without, members);
    if (pus.length === 0) continue;
    policies.push({ directory, names: new Set(await files.reader.list(directory)), pus });
  }
  return policies;
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
