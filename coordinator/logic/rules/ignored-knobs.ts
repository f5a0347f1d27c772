import { findAxis } from "../../../shared/domain/axis.ts";
import type { CollapseRule } from "./rule.ts";

export const ignoredKnobs: CollapseRule = {
  name: "ignored-knob",
  summary: "a knob that the runner does not heed is left out: it would measure the same again",
  ignored: (cell, declaration) =>
    Object.keys(cell).filter((name) => {
      const isKnob = findAxis(name)?.kind === "knob";
      return (
        isKnob && !declaration.knobs.includes(name) && !Object.hasOwn(declaration.parameters, name)
      );
    }),
  reason: (axis, cell) => `${cell["runner"]} ignores ${axis}`,
};
