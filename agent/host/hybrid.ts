import {
  type CpuSet,
  formatCpuList,
  intersectCpuSets,
  parseCpuList,
} from "../../shared/domain/cpuset.ts";
import type { HybridKind, MapByValue } from "../../shared/domain/topology.ts";
import { type HostFiles, readWord } from "./host-files.ts";

/** The event sources that the kernel makes for each kind of core of a hybrid CPU. */
const hybridPmus = ["cpu_core", "cpu_atom", "cpu_lowpower"] as const;

/** PMU name → its CPU list as the file has it; null where the host has none of them. */
export async function readHybridPmus(files: HostFiles): Promise<MapByValue | null> {
  const lists: Record<string, string> = {};
  for (const pmu of hybridPmus) {
    const list = await readWord(files, `sys/devices/${pmu}/cpus`);
    if (list !== null) lists[pmu] = list;
  }
  return Object.keys(lists).length === 0 ? null : lists;
}

/** PMU → how hwloc names the kind of core. */
const coreTypes: Readonly<Record<string, string>> = {
  cpu_core: "IntelCore",
  cpu_atom: "IntelAtom",
  cpu_lowpower: "IntelLowPower",
};

export interface KindFacts {
  readonly hybridPmu: MapByValue | null;
  readonly maxFreqKHz: MapByValue | null;
  readonly baseFreqKHz: MapByValue | null;
  readonly cpuCapacity: MapByValue | null;
}

/**
 * The kinds of cores, the weakest first where frequency or capacity orders them, each with all that
 * is known of it; null where all are alike. The maximum frequency alone makes no kind: single cores
 * of one kind may turbo higher.
 */
export function toHybridKinds(facts: KindFacts): readonly HybridKind[] | null {
  const lists = divide(facts);
  if (lists === null) return null;
  return lists.map((list) => {
    const { cpus } = parseCpuList(list);
    return { cpus: formatCpuList(cpus), infos: describeKind(facts, cpus) };
  });
}

/** The CPU lists of the kinds by the first fact that tells CPUs apart. */
function divide({ hybridPmu, baseFreqKHz, cpuCapacity }: KindFacts): readonly string[] | null {
  if (isDivided(hybridPmu)) return Object.values(hybridPmu);
  for (const map of [baseFreqKHz, cpuCapacity]) {
    if (!isDivided(map)) continue;
    const entries = Object.entries(map).sort(([a], [b]) => Number(a) - Number(b));
    return entries.map(([, list]) => list);
  }
  return null;
}

function describeKind(facts: KindFacts, cpus: CpuSet): Readonly<Record<string, string>> {
  const infos: Record<string, string> = {};
  for (const [pmu, list] of Object.entries(facts.hybridPmu ?? {})) {
    const type = coreTypes[pmu];
    if (type !== undefined && isDivided(facts.hybridPmu) && touches(list, cpus)) {
      infos["CoreType"] = type;
    }
  }
  const max = least(facts.maxFreqKHz, cpus);
  if (max !== null) infos["FrequencyMaxMHz"] = String(max / 1000);
  const base = least(facts.baseFreqKHz, cpus);
  if (base !== null) infos["FrequencyBaseMHz"] = String(base / 1000);
  const capacity = least(facts.cpuCapacity, cpus);
  if (capacity !== null) infos["LinuxCapacity"] = String(capacity);
  return infos;
}

/** The least number among the CPUs: what all of a kind reach, for favoured cores turbo higher. */
function least(map: MapByValue | null, cpus: CpuSet): number | null {
  const values = Object.entries(map ?? {})
    .filter(([value, list]) => /^\d{1,12}$/.test(value) && touches(list, cpus))
    .map(([value]) => Number(value));
  return values.length === 0 ? null : Math.min(...values);
}

function touches(list: string, cpus: CpuSet): boolean {
  return intersectCpuSets(parseCpuList(list).cpus, cpus).length > 0;
}

function isDivided(map: MapByValue | null): map is MapByValue {
  return map !== null && Object.keys(map).length > 1;
}
