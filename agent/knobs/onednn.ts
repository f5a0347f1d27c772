import { type Knob, noSetting } from "./knob.ts";

/**
 * `onednn`: oneDNN's kernels of the framework. TensorFlow reads the variable; other runners take the
 * axis as a parameter of theirs. oneDNN's own log goes to stdout, which is the contract's, so the proof
 * is what the runner reads back from its framework.
 */
export const onednn: Knob = {
  name: "onednn",
  axes: ["onednn"],
  set({ value }) {
    if (value === undefined || value === "default") return noSetting;
    if (value !== "on" && value !== "off") return { refused: `oneDNN cannot be ${value}` };
    return {
      ...noSetting,
      environment: { TF_ENABLE_ONEDNN_OPTS: value === "on" ? "1" : "0" },
      proof: ({ reported }) => {
        const found = reported["onednn"];
        if (found === value) return null;
        return found === undefined || found === null
          ? "the runner does not say whether oneDNN is on"
          : `the runner has oneDNN ${found}`;
      },
      readback: {},
    };
  },
};
