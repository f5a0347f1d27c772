import { formatCpuList } from "../../shared/domain/cpuset.ts";
import { type Knob, noSetting } from "./knob.ts";

/** By runtime and value. Both runtimes make their places from the CPU set that the process has. */
const variables: Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>
> = {
  gnu: {
    close: { OMP_PROC_BIND: "close", OMP_PLACES: "threads" },
    spread: { OMP_PROC_BIND: "spread", OMP_PLACES: "threads" },
  },
  intel: {
    // As the published benchmark has it.
    close: { KMP_AFFINITY: "granularity=fine,compact,1,0" },
    spread: { KMP_AFFINITY: "granularity=fine,scatter" },
  },
};

/**
 * `openmp_binding`: each OpenMP thread on a PU of its own, or left to the kernel inside the CPU set. The
 * proof is where the kernel says that the threads may run.
 */
export const openmpBinding: Knob = {
  name: "openmp-binding",
  axes: ["openmp_binding"],
  set({ cell, value }) {
    if (value === undefined) return noSetting;
    if (value === "none") return { ...noSetting, readback: { openmp_binding: "none" } };
    const environment = variables[String(cell["openmp"] ?? "gnu")]?.[String(value)];
    if (environment === undefined) return { refused: `no OpenMP binding is called ${value}` };
    return {
      ...noSetting,
      environment,
      proof: ({ placement, soloPus }) => {
        const free = placement.pus.filter((pu) => !soloPus.includes(pu));
        return free.length === 0 ? null : `no thread is bound to PU ${free.join(", ")} alone`;
      },
      readback: { openmp_binding: String(value) },
      shown: ({ soloPus }) => ({ bound_pus: formatCpuList(soloPus) }),
    };
  },
};
