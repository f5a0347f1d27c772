/** Kernel parameters that change measurements; the others name the disks and consoles of one host. */
const tuningNames: ReadonlySet<string> = new Set([
  "amd_pstate",
  "clocksource",
  "cpuidle.off",
  "default_hugepagesz",
  "gather_data_sampling",
  "hugepages",
  "hugepagesz",
  "idle",
  "intel_idle.max_cstate",
  "intel_iommu",
  "intel_pstate",
  "iommu",
  "isolcpus",
  "l1tf",
  "maxcpus",
  "mds",
  "mem",
  "mitigations",
  "nmi_watchdog",
  "nohz_full",
  "nopti",
  "nosmt",
  "nospectre_v1",
  "nospectre_v2",
  "nowatchdog",
  "nr_cpus",
  "numa",
  "numa_balancing",
  "preempt",
  "processor.max_cstate",
  "pti",
  "rcu_nocbs",
  "retbleed",
  "skew_tick",
  "spec_store_bypass_disable",
  "spectre_v2",
  "srbds",
  "transparent_hugepage",
  "tsc",
  "tsx",
  "tsx_async_abort",
]);

/** The words of a kernel command line that change measurements, in their order. */
export function tuningParameters(cmdline: string): readonly string[] {
  return cmdline
    .split(/\s+/)
    .filter((word) => word !== "" && tuningNames.has(word.split("=")[0] ?? ""));
}
