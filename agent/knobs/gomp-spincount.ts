import { type Knob, noSetting } from "./knob.ts";
import { parseOpenmpDisplay } from "./openmp-display.ts";

/** `gomp_spincount`: how often GNU's OpenMP threads look before they sleep, in place of a wait policy. */
export const gompSpincount: Knob = {
  name: "gomp-spincount",
  axes: ["gomp_spincount"],
  set({ cell, value }) {
    if (value === undefined || cell["openmp"] === "intel") return noSetting;
    if (typeof value !== "number") return { refused: `${value} is no number of spins` };
    return {
      ...noSetting,
      environment: { GOMP_SPINCOUNT: `${value}`, OMP_DISPLAY_ENV: "VERBOSE" },
      proof: ({ stderrHead }) => {
        const found = parseOpenmpDisplay(stderrHead).gnu?.get("GOMP_SPINCOUNT");
        if (found === `${value}`) return null;
        return found === undefined ? "GOMP_SPINCOUNT was not shown" : `GOMP_SPINCOUNT is ${found}`;
      },
      readback: { gomp_spincount: value },
    };
  },
};
