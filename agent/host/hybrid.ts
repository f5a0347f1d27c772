import { formatCpuList, parseCpuList } from "../../shared/domain/cpuset.ts";
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

export interface KindFacts {
  readonly hybridPmu: MapByValue | null;
  readonly baseFreqKHz: MapByValue | null;
  readonly cpuCapacity: MapByValue | null;
}

/**
 * The kinds of cores, the weakest first where frequency or capacity orders them; null where all are
 * alike. The maximum frequency does not count: single cores of one kind may turbo higher.
 */
export function toHybridKinds(facts: KindFacts): readonly HybridKind[] | null {
  if (isDivided(facts.hybridPmu)) {
    return Object.entries(facts.hybridPmu).map(([pmu, list]) => ({
      cpus: formatCpuList(parseCpuList(list).cpus),
      infos: { PMU: pmu },
    }));
  }
  if (isDivided(facts.baseFreqKHz)) {
    return ascending(facts.baseFreqKHz).map(([kHz, cpus]) => ({
      cpus,
      infos: { FrequencyBaseMHz: String(Number(kHz) / 1000) },
    }));
  }
  if (isDivided(facts.cpuCapacity)) {
    return ascending(facts.cpuCapacity).map(([capacity, cpus]) => ({
      cpus,
      infos: { LinuxCapacity: capacity },
    }));
  }
  return null;
}

function isDivided(map: MapByValue | null): map is MapByValue {
  return map !== null && Object.keys(map).length > 1;
}

function ascending(map: MapByValue): [string, string][] {
  return Object.entries(map).sort(([a], [b]) => Number(a) - Number(b));
}
