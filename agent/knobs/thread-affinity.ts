import { formatCpuList } from "../../shared/domain/cpuset.ts";
import { type Knob, noSetting } from "./knob.ts";

/**
 * `thread_affinity`: `each` binds every thread of a runner's own pool to a PU; the runner does it. The proof
 * is where the kernel says that the threads may run. The first PU is the caller's, who is not of the pool.
 */
export const threadAffinity: Knob = {
  name: "thread-affinity",
  axes: ["thread_affinity"],
  set({ value }) {
    if (value === undefined || value === "none") return noSetting;
    return {
      ...noSetting,
      proof: ({ placement, soloPus }) => {
        const free = placement.pus.slice(1).filter((pu) => !soloPus.includes(pu));
        return free.length === 0 ? null : `no thread is bound to PU ${formatCpuList(free)} alone`;
      },
      readback: { thread_affinity: String(value) },
      shown: ({ soloPus }) => ({ bound_pus: formatCpuList(soloPus) }),
    };
  },
};
