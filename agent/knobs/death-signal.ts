import { type Knob, noSetting } from "./knob.ts";

/**
 * What setpriv does for each instance: the kernel kills it when the agent dies, for a runner in the middle of a
 * long call does not notice that its stdin was closed; and it has no capability of the agent's, which may write
 * where a runner must not.
 */
export const setprivOptions = [
  "--pdeathsig",
  "KILL",
  "--ambient-caps=-all",
  "--inh-caps=-all",
  "--",
] as const;

/** Nothing varies it; without setpriv only stdin is left, and the capabilities stay. */
export const deathSignal: Knob = {
  name: "death-signal",
  axes: [],
  set: (_request, { hasDeathSignal }) => ({
    ...noSetting,
    prefix: () => (hasDeathSignal ? ["setpriv", ...setprivOptions] : []),
  }),
};
