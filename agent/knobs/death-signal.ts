import { type Knob, noSetting } from "./knob.ts";

/**
 * Has the kernel kill each instance when the agent dies: a runner in the middle of a long call does not
 * notice that its stdin was closed. Nothing varies it; without setpriv only stdin is left.
 */
export const deathSignal: Knob = {
  name: "death-signal",
  axes: [],
  set: (_request, { hasDeathSignal }) => ({
    ...noSetting,
    prefix: () => (hasDeathSignal ? ["setpriv", "--pdeathsig", "KILL", "--"] : []),
  }),
};
