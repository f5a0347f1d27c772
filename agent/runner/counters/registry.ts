import type { HostFiles, WatchedFiles } from "../launch-files.ts";
import {
  type Collector,
  type CounterScope,
  type HeldLevel,
  type Level,
  type Readings,
  subtractReadings,
} from "./collector.ts";
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
];

const levels: readonly Level[] = [frequencyLevel, temperatureLevel];

/** What every total rose by. */
export function subtractTotals(after: Readings, before: Readings): Readings {
  const special = collectors.filter((collector) => collector.between !== undefined);
  const isPlain = (name: string): boolean =>
    !special.some((collector) => name.startsWith(`${collector.name}:`));
  const plain = Object.entries(after).filter(([name]) => isPlain(name));
  const own = special.map((collector) => collector.between?.(before, after));
  return Object.assign(subtractReadings(Object.fromEntries(plain), before), ...own) as Readings;
}

/** Reads every total at about the same time. */
export async function readCounters(files: HostFiles, scope: CounterScope): Promise<Readings> {
  const readings = await Promise.all(collectors.map((collector) => collector.read(files, scope)));
  return Object.assign({}, ...readings) as Readings;
}

/** Every level as one, opened and ready to be read. */
export async function holdLevels(files: WatchedFiles, scope: CounterScope): Promise<HeldLevel> {
  const held = await Promise.all(levels.map((level) => level.hold(files, scope)));
  return {
    isThere: held.some(({ isThere }) => isThere),
    read: () => Object.assign({}, ...held.map((level) => level.read())) as Readings,
    close: () => {
      for (const level of held) level.close();
    },
  };
}
