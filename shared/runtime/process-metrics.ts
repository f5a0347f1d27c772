import type { Metric } from "../domain/metrics.ts";

/** Memory and CPU time of this very program, under the names that Prometheus gives them everywhere. */
export function processMetrics(owner: Pick<NodeJS.Process, "memoryUsage" | "cpuUsage">): Metric[] {
  const { user, system } = owner.cpuUsage();
  return [
    {
      name: "process_resident_memory_bytes",
      help: "Resident memory size in bytes.",
      type: "gauge",
      samples: [{ value: owner.memoryUsage.rss() }],
    },
    {
      name: "process_cpu_seconds_total",
      help: "Total user and system CPU time spent in seconds.",
      type: "counter",
      samples: [{ value: (user + system) / 1e6 }],
    },
  ];
}
