import { type Knob, noSetting } from "./knob.ts";

/**
 * `onednn_isa`: the most that oneDNN may use of the CPU's instructions. oneDNN reads the variable and can
 * be asked by nobody outside of its process: where the runner reads it back, that is compared; else the
 * process's environment has to do.
 * https://uxlfoundation.github.io/oneDNN/dev_guide_cpu_dispatcher_control.html
 */
export const onednnIsa: Knob = {
  name: "onednn-isa",
  axes: ["onednn_isa"],
  set({ value }) {
    if (value === undefined || value === "default") return noSetting;
    const isa = String(value).toUpperCase();
    return {
      ...noSetting,
      // The second name is the one that versions before 2.0 read.
      environment: { ONEDNN_MAX_CPU_ISA: isa, DNNL_MAX_CPU_ISA: isa },
      proof: ({ reported }) => {
        const found = reported["onednn_isa"] ?? value;
        return found === value ? null : `the runner has oneDNN's instructions at ${found}`;
      },
      readback: { onednn_isa: String(value) },
    };
  },
};
