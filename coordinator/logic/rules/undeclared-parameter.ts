import { findAxis } from "../../../shared/domain/axis.ts";
import type { CollapseRule } from "./rule.ts";

export const undeclaredParameter: CollapseRule = {
  name: "undeclared-parameter",
  summary: "a parameter of another runner is left out",
  ignored: (cell, declaration) =>
    Object.keys(cell).filter(
      (name) => findAxis(name) === undefined && !Object.hasOwn(declaration.parameters, name),
    ),
  reason: (axis, cell) => `${cell["runner"]} has no parameter ${axis}`,
};
