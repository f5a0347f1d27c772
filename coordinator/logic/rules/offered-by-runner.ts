import { suggest } from "../../../shared/domain/did-you-mean.ts";
import type { RunnerRule } from "./rule.ts";

export const offeredByRunner: RunnerRule = {
  name: "offered-by-runner",
  summary: "modes, number formats and models that the host's runner does not offer are not planned",
  refuse(cell, declaration) {
    const offers = [
      ["mode", declaration.modes],
      ["dtype", declaration.dtypes],
      ["model", declaration.models],
    ] as const;
    for (const [axis, offered] of offers) {
      const value = cell[axis];
      if (value === undefined || offered.some((word) => word === value)) continue;
      const known = offered.length === 0 ? "none" : offered.join(", ");
      const near = suggest(String(value), offered);
      const hint = near === null ? "" : `; did you mean ${near}?`;
      const reason = `${declaration.name} offers no ${axis} ${value} (it offers ${known})${hint}`;
      return { axis, reason };
    }
    return null;
  },
};
