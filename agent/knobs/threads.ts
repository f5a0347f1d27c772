import { type Knob, noSetting } from "./knob.ts";

/**
 * Thread counts: one per PU of the instance, always. The contract's `threads` sets the runner's own
 * pool; the variables hold for OpenMP and BLAS libraries that a runner loads, which would otherwise
 * count the host's cores.
 */
export const threads: Knob = {
  name: "threads",
  axes: [],
  set({ instances }) {
    const counts = new Set(instances.map((instance) => instance.threads));
    const [count] = counts;
    if (count === undefined || counts.size > 1) {
      return { refused: "the instances of a launch have different thread counts" };
    }
    const unequal = instances.find((instance) => instance.pus.length !== instance.threads);
    if (unequal !== undefined) {
      return { refused: `${unequal.threads} threads for ${unequal.pus.length} PUs` };
    }
    return {
      ...noSetting,
      environment: {
        OMP_NUM_THREADS: `${count}`,
        OPENBLAS_NUM_THREADS: `${count}`,
        MKL_NUM_THREADS: `${count}`,
      },
      proof: ({ placement, reportedThreads }) =>
        reportedThreads === placement.threads
          ? null
          : `the runner computes with ${reportedThreads} threads, not ${placement.threads}`,
    };
  },
};
