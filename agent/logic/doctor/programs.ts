import type { DoctorRule } from "./finding.ts";

export const checkNumactl: DoctorRule = ({ topology: { numaNodes }, programs }) => {
  if (programs === null || programs.numactl !== null) return [];
  return [
    {
      severity: numaNodes.length > 1 ? "serious" : "warning",
      fact: "numactl is not installed",
      why: "memory cannot be bound to a NUMA node, so placements with a memory policy are refused",
      command: "sudo apt-get install numactl",
    },
  ];
};

/** JetStream of the 2.9 series is the oldest that fleetsweep is tested with. */
const oldestNats: readonly [number, number] = [2, 9];

export const checkNatsServer: DoctorRule = ({ programs }) => {
  if (programs === null) return [];
  const version = programs.natsServerVersion;
  const why = "`fleetsweep up` starts it; an agent of a fleet with its own NATS does without";
  const command = "sudo apt-get install nats-server";
  if (version === null) {
    return [{ severity: "note", fact: "nats-server is not installed", why, command }];
  }
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isOld = major < oldestNats[0] || (major === oldestNats[0] && minor < oldestNats[1]);
  if (!isOld) return [];
  const fact = `nats-server is ${version}, older than ${oldestNats.join(".")}`;
  return [{ severity: "warning", fact, why, command }];
};

export const checkBlas: DoctorRule = ({ programs }) => {
  const path = programs?.blas ?? null;
  if (path === null || !/\/blas\/|libblas\.so\.3\.\d/.test(path)) return [];
  return [
    {
      severity: "warning",
      fact: `libblas.so.3 is the reference BLAS (${path})`,
      why: "runners that link it multiply matrices on one thread and without vector instructions",
      command: "sudo apt-get install libopenblas0-pthread",
    },
  ];
};
