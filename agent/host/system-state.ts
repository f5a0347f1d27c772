import { type CpuSet, formatCpuList } from "../../shared/domain/cpuset.ts";
import type { SystemState } from "../../shared/domain/topology.ts";
import { readCgroupLimits } from "./cgroup-limits.ts";
import { readFrequencies, readUniformMap } from "./cpu-maps.ts";
import { readIdleStates } from "./cpuidle.ts";
import { readDmi } from "./dmi.ts";
import { cpuDirectory, type HostFiles, readCpuList, readInteger, readWord } from "./host-files.ts";
import { readHostHugepages } from "./hugepages.ts";
import { readHybridPmus } from "./hybrid.ts";
import { readKernel } from "./kernel.ts";
import { readMeminfo } from "./meminfo.ts";

/**
 * The state of the host that changes measurements, each fact on its own: one missing says nothing of
 * the rest. `described` are the online PUs that have a directory.
 */
export async function readSystemState(
  files: HostFiles,
  described: CpuSet,
  isolated: CpuSet | null,
): Promise<SystemState> {
  const nohzFull = await readCpuList(files, `${cpuDirectory}/nohz_full`);
  return {
    ...(await readKernel(files)),
    ...(await readMeminfo(files)),
    ...(await readFrequencies(files, described)),
    ...(await readSwitches(files)),
    ...(await readCgroupLimits(files)),
    ...(await readDmi(files)),
    isolatedCpus: isolated === null ? null : formatCpuList(isolated),
    nohzFullCpus: nohzFull === null ? null : formatCpuList(nohzFull),
    cpuidleStates: await readIdleStates(files, described[0]),
    hugepages: await readHostHugepages(files),
    microcodeSysfs: await readUniformMap(files, described, "microcode/version"),
    cpuCapacity: await readUniformMap(files, described, "cpu_capacity"),
    hybridPmu: await readHybridPmus(files),
  };
}

type Switches = Pick<
  SystemState,
  | "smtControl"
  | "smtActive"
  | "intelPstateNoTurbo"
  | "intelPstateStatus"
  | "cpufreqBoost"
  | "cpuidleDriver"
  | "thpEnabled"
  | "numaBalancing"
>;

async function readSwitches(files: HostFiles): Promise<Switches> {
  return {
    smtControl: await readWord(files, `${cpuDirectory}/smt/control`),
    smtActive: await readInteger(files, `${cpuDirectory}/smt/active`),
    intelPstateNoTurbo: await readInteger(files, `${cpuDirectory}/intel_pstate/no_turbo`),
    intelPstateStatus: await readWord(files, `${cpuDirectory}/intel_pstate/status`),
    cpufreqBoost: await readInteger(files, `${cpuDirectory}/cpufreq/boost`),
    cpuidleDriver: await readWord(files, `${cpuDirectory}/cpuidle/current_driver`),
    thpEnabled: await readWord(files, "sys/kernel/mm/transparent_hugepage/enabled"),
    numaBalancing: await readInteger(files, "proc/sys/kernel/numa_balancing"),
  };
}
