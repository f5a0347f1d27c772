import { type Collector, type Readings, sumReadings, toNumber } from "./collector.ts";
import { ticksPerSecond } from "./process.ts";

const names = ["idle_seconds", "steal_seconds", "interrupt_seconds"];

/**
 * Times of the launch's PUs from /proc/stat. Idle time rather than the busy columns: the kernel
 * accounts it exactly, while it samples the others at its tick.
 */
export const hostCpuCounters: Collector = {
  name: "host-cpu",
  async read(files, { pus }) {
    const text = (await files.read("/proc/stat")) ?? "";
    const rows = new Map<string, Readings>();
    for (const line of text.split("\n")) {
      const match = /^cpu(\d+) (.*)$/.exec(line);
      if (match?.[1] !== undefined) rows.set(match[1], parseCpuTimes(match[2] ?? ""));
    }
    return sumReadings(
      names,
      pus.map((pu) => rows.get(`${pu}`) ?? {}),
    );
  },
};

/** Columns: user nice system idle iowait irq softirq steal. See proc(5). */
function parseCpuTimes(columns: string): Readings {
  const ticks = columns.split(" ").map(toNumber);
  const seconds = (...indexes: readonly number[]): number | null => {
    let sum = 0;
    for (const index of indexes) {
      const value = ticks[index];
      if (value === undefined || value === null) return null;
      sum += value;
    }
    return sum / ticksPerSecond;
  };
  return {
    idle_seconds: seconds(3, 4),
    interrupt_seconds: seconds(5, 6),
    steal_seconds: seconds(7),
  };
}
