import {
  checkAllowed,
  checkCgroupLimits,
  checkHybrid,
  checkMicrocode,
  checkOfflineAndIsolated,
  checkSmt,
  checkSubNuma,
  checkTopologyKnown,
  checkVirtual,
} from "./doctor/cpus.ts";
import type { DoctorFacts, DoctorRule, Finding, Severity } from "./doctor/finding.ts";
import {
  checkEnergyPreference,
  checkGovernor,
  checkIdleStates,
  checkTurbo,
} from "./doctor/frequency.ts";
import { checkMitigations, checkReaderWarnings } from "./doctor/kernel.ts";
import { checkForeignLoad } from "./doctor/load.ts";
import {
  checkDimms,
  checkMemoryOnlyNodes,
  checkNodeMemory,
  checkNumaBalancing,
  checkPackagesWithoutNode,
  checkSwap,
  checkTransparentHugePages,
} from "./doctor/memory.ts";
import { checkBlas, checkNatsServer, checkNumactl } from "./doctor/programs.ts";

/** Every rule, the worst subjects first; findings of one severity keep this order. */
const rules: readonly DoctorRule[] = [
  checkTopologyKnown,
  checkAllowed,
  checkCgroupLimits,
  checkForeignLoad,
  checkGovernor,
  checkMicrocode,
  checkNodeMemory,
  checkPackagesWithoutNode,
  checkSwap,
  checkNumactl,
  checkNumaBalancing,
  checkTransparentHugePages,
  checkTurbo,
  checkEnergyPreference,
  checkSmt,
  checkOfflineAndIsolated,
  checkHybrid,
  checkVirtual,
  checkDimms,
  checkBlas,
  checkReaderWarnings,
  checkSubNuma,
  checkMemoryOnlyNodes,
  checkIdleStates,
  checkMitigations,
  checkNatsServer,
];

const severityOrder: readonly Severity[] = ["serious", "warning", "note"];

/** What on this host would spoil a measurement, worst first. */
export function diagnose(facts: DoctorFacts): readonly Finding[] {
  const findings = rules.flatMap((rule) => rule(facts));
  return severityOrder.flatMap((severity) =>
    findings.filter((finding) => finding.severity === severity),
  );
}
