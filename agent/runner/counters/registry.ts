import type { HostFiles } from "../launch-system.ts";
import { type Collector, type CounterScope, type Readings, subtractReadings } from "./collector.ts";
import { energyCounters } from "./energy.ts";
import { hostCpuCounters } from "./host-cpu.ts";
import { frequencyLevel, temperatureLevel } from "./levels.ts";
import { memoryCounters } from "./memory.ts";
import { pressureCounters } from "./pressure.ts";
import { processCounters } from "./process.ts";
import { threadCounters } from "./threads.ts";
import { throttleCounters } from "./throttle.ts";

const collectors: readonly Collector[] = [
  processCounters,
  threadCounters,
  hostCpuCounters,
  pressureCounters,
  memoryCounters,
  throttleCounters,
  energyCounters,
  frequencyLevel,
  temperatureLevel,
];

/** What every total rose by. */
export function subtractTotals(after: Readings, before: Readings): Readings {
  const special = collectors.filter((collector) => collector.between !== undefined);
  const isPlain = (name: string): boolean =>
    !special.some((collector) => name.startsWith(`${collector.name}:`));
  const plain = Object.entries(after).filter(([name]) => isPlain(name));
  const own = special.map((collector) => collector.between?.(before, after));
  return Object.assign(subtractReadings(Object.fromEntries(plain), before), ...own) as Readings;
}

/** Reads every counter of one kind at about the same time. */
export async function readCounters(
  kind: Collector["kind"],
  files: HostFiles,
  scope: CounterScope,
): Promise<Readings> {
  const chosen = collectors.filter((collector) => collector.kind === kind);
  const readings = await Promise.all(chosen.map((collector) => collector.read(files, scope)));
  return Object.assign({}, ...readings) as Readings;
}
