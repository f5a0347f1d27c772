import { type Knob, noSetting } from "./knob.ts";
import { parseOpenmpDisplay } from "./openmp-display.ts";

/** `kmp_blocktime`: milliseconds that Intel's OpenMP threads spin after work. GNU's do not read it. */
export const kmpBlocktime: Knob = {
  name: "kmp-blocktime",
  axes: ["kmp_blocktime"],
  set({ cell, value }) {
    if (value === undefined || cell["openmp"] !== "intel") return noSetting;
    if (typeof value !== "number") return { refused: `${value} is no number of milliseconds` };
    return {
      ...noSetting,
      environment: { KMP_BLOCKTIME: `${value}` },
      proof: ({ stderrHead }) => {
        const found = findBlocktime(stderrHead);
        // Newer versions write the unit.
        if (found?.replace(/ms$/, "") === `${value}`) return null;
        return found === undefined ? "KMP_BLOCKTIME was not shown" : `KMP_BLOCKTIME is ${found}`;
      },
      readback: { kmp_blocktime: value },
      shown: ({ stderrHead }) => ({ kmp_blocktime_shown: findBlocktime(stderrHead) ?? null }),
    };
  },
};

function findBlocktime(stderrHead: string): string | undefined {
  return parseOpenmpDisplay(stderrHead).intel?.get("KMP_BLOCKTIME");
}
