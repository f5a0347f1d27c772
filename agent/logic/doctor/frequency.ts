import { foldStrides } from "../../../shared/domain/cpu-strides.ts";
import { describeTurbo, formatMap } from "../../../shared/domain/topology-picture-state.ts";
import type { DoctorRule } from "./finding.ts";

export const checkGovernor: DoctorRule = ({ topology: { system } }) => {
  const governors = system.scalingGovernor;
  if (governors === null) return [];
  const slow = Object.entries(governors).filter(([name]) => name !== "performance");
  if (slow.length === 0) return [];
  const isSome = Object.keys(governors).length > 1;
  const cpus = slow.map(([, list]) => list).join(",");
  return [
    {
      severity: "serious",
      fact: `the frequency governor is ${formatMap(governors)}`,
      why: isSome
        ? "instances on these CPUs run slower than the same work elsewhere on this host"
        : "the clock follows the load, so the first calls of every launch run slower than the last",
      command: isSome
        ? `sudo cpupower -c ${foldStrides(cpus)} frequency-set -g performance`
        : "sudo cpupower frequency-set -g performance",
    },
  ];
};

export const checkEnergyPreference: DoctorRule = ({ topology: { system } }) => {
  const preferences = system.energyPerformancePreference;
  if (preferences === null || system.scalingGovernor === null) return [];
  const others = Object.keys(preferences).filter((value) => value !== "performance");
  if (others.length === 0 || system.scalingGovernor["performance"] === undefined) return [];
  return [
    {
      severity: "warning",
      fact: `the energy preference is ${formatMap(preferences)} under the performance governor`,
      why: "the hardware still lowers the clock of CPUs that it takes for idle",
      command:
        "echo performance | sudo tee /sys/devices/system/cpu/cpu*/cpufreq/energy_performance_preference",
    },
  ];
};

export const checkTurbo: DoctorRule = ({ topology: { system } }) => {
  const turbo = describeTurbo(system);
  if (turbo === "unknown") {
    return [
      {
        severity: "warning",
        fact: "turbo is unknown: there is neither intel_pstate/no_turbo nor a cpufreq boost switch",
        why: "two hosts may differ by it, and nothing would show why their results do",
        command: null,
      },
    ];
  }
  if (turbo === "off") return [];
  if (turbo === "on some CPUs only") {
    return [
      {
        severity: "serious",
        fact: `turbo is on some CPUs only: boost ${formatMap(system.policyBoost ?? {})}`,
        why: "instances on these CPUs run faster than the same work elsewhere on this host",
        command: "echo 0 | sudo tee /sys/devices/system/cpu/cpufreq/policy*/boost",
      },
    ];
  }
  return [
    {
      severity: "note",
      fact: "turbo is on",
      why: "few busy cores clock higher than many, which flatters small core counts in a scaling curve",
      command:
        system.intelPstateNoTurbo === null
          ? `echo 0 | sudo tee /sys/devices/system/cpu/cpufreq/${system.cpufreqBoost === null ? "policy*/" : ""}boost`
          : "echo 1 | sudo tee /sys/devices/system/cpu/intel_pstate/no_turbo",
    },
  ];
};

/** Waking from a deeper state takes longer than a short inference call. */
const deepStateUs = 100;

export const checkIdleStates: DoctorRule = ({ topology: { system } }) => {
  const deep = (system.cpuidleStates ?? []).filter(
    ({ latencyUs, disabled }) => latencyUs !== null && latencyUs >= deepStateUs && disabled !== 1,
  );
  if (deep.length === 0) return [];
  const names = deep.map(
    ({ name, state, latencyUs }) => `${name ?? `state ${state}`} (${latencyUs} µs)`,
  );
  return [
    {
      severity: "note",
      fact: `deep idle states are enabled: ${names.join(", ")}`,
      why: "cores that wait at a barrier fall asleep, and small batches pay for the waking",
      command: `sudo cpupower idle-set -D ${deepStateUs - 1}`,
    },
  ];
};
