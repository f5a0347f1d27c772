import { type Knob, noSetting } from "./knob.ts";

export function governorPath(pu: number): string {
  return `/sys/devices/system/cpu/cpu${pu}/cpufreq/scaling_governor`;
}

/** `governor`: the frequency governor of the launch's PUs, for the time of the launch. */
export const governor: Knob = {
  name: "governor",
  axes: ["governor"],
  set({ value, instances }, { governor: offered }) {
    if (value === undefined || value === "host") return noSetting;
    if (offered.problem !== null) return { refused: offered.problem };
    if (!offered.values.includes(String(value))) {
      return { refused: `this host has no governor ${value}` };
    }
    return {
      ...noSetting,
      hostChanges: instances.flatMap(({ pus }) =>
        pus.map((pu) => ({ path: governorPath(pu), value: String(value) })),
      ),
      proof: ({ host }) =>
        host.governor === value
          ? null
          : `the governor is ${host.governor ?? "not the same on all PUs"}`,
      readback: {},
    };
  },
};
