import { type Knob, noSetting } from "./knob.ts";
import { parseOpenmpDisplay } from "./openmp-display.ts";

/**
 * `wait_policy`: whether GNU's OpenMP threads spin or sleep while they wait. libgomp shows the same policy
 * for its default and for `passive`, so that only the spins before sleeping tell them apart: none.
 */
export const waitPolicy: Knob = {
  name: "wait-policy",
  axes: ["wait_policy"],
  set({ cell, value }) {
    if (value === undefined || value === "default" || cell["openmp"] === "intel") return noSetting;
    if (value !== "active" && value !== "passive") {
      return { refused: `no wait policy is called ${value}` };
    }
    return {
      ...noSetting,
      environment: { OMP_WAIT_POLICY: value.toUpperCase(), OMP_DISPLAY_ENV: "VERBOSE" },
      proof: ({ stderrHead }) => {
        const gnu = parseOpenmpDisplay(stderrHead).gnu;
        if (gnu === null) return "libgomp did not show its settings";
        const spins = gnu.get("GOMP_SPINCOUNT");
        const isPassive = spins === "0" && gnu.get("OMP_WAIT_POLICY") === "PASSIVE";
        const holds = value === "passive" ? isPassive : gnu.get("OMP_WAIT_POLICY") === "ACTIVE";
        return holds ? null : `libgomp waits ${gnu.get("OMP_WAIT_POLICY")} with ${spins} spins`;
      },
      readback: { wait_policy: value },
    };
  },
};
