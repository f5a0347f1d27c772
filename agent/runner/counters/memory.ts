import { type Collector, type Readings, toNumber } from "./collector.ts";

/** Our name → the kernel's in /proc/vmstat, in pages or events of the whole host. */
const events: Readonly<Record<string, string>> = {
  swap_in_pages: "pswpin",
  swap_out_pages: "pswpout",
  numa_migrated_pages: "numa_pages_migrated",
  thp_fallbacks: "thp_fault_fallback",
  compaction_stalls: "compact_stall",
  oom_kills: "oom_kill",
};

export const memoryCounters: Collector = {
  name: "memory",
  async read(files) {
    const text = (await files.read("/proc/vmstat")) ?? "";
    const entries = Object.entries(events).map(([name, event]) => {
      const match = new RegExp(`^${event} (\\d+)$`, "m").exec(text);
      return [name, toNumber(match?.[1])] as const;
    });
    return Object.fromEntries(entries) satisfies Readings;
  },
};
