import { parseCpuList } from "../../../shared/domain/cpuset.ts";
import type { DoctorRule, Finding } from "./finding.ts";

/** The share of the host's CPUs that the work of others may take: daemons of an idle server stay below. */
const tolerableBusyShare = 0.02;
/** On a small host one daemon is a large share; this much of one CPU is no foreign load. */
const tolerableBusyCpus = 0.2;
/** Beyond this share of stolen time the clock on the wall is not the host's alone. */
const tolerableStolenShare = 0.005;

export const checkForeignLoad: DoctorRule = ({ topology: { cpus }, load }) => {
  if (load === null) return [];
  const count = parseCpuList(cpus.online).cpus.length;
  const findings: Finding[] = [];
  const limit = Math.max(tolerableBusyShare * count, tolerableBusyCpus);
  if (load.busyCpus !== null && load.busyCpus > limit) {
    const average =
      load.loadAverage === null ? "" : `, load average ${load.loadAverage.toFixed(2)}`;
    findings.push({
      severity: "serious",
      fact: `others keep ${load.busyCpus.toFixed(1)} of ${count} CPUs busy${average}`,
      why: "their work shares cores, caches and memory bandwidth with every measurement",
      command: "top -H -o %CPU",
    });
  }
  if (load.stolenShare !== null && load.stolenShare > tolerableStolenShare) {
    findings.push({
      severity: "serious",
      fact: `the hypervisor takes ${(load.stolenShare * 100).toFixed(1)} % of the time away`,
      why: "stolen time lands in the latency of single calls",
      command: null,
    });
  }
  return findings;
};
