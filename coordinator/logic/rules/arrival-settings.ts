import { arrivalSettings } from "../../../shared/domain/arrival.ts";
import type { CollapseRule } from "./rule.ts";

/** Without `arrival` it is `closed`, so that cells from before it could be chosen are still the same. */
export const arrivalSettingsRule: CollapseRule = {
  name: "arrival-settings",
  summary:
    "`arrival: closed` is what a cell without it does; `arrival_rate` means something to a server only, `streams` to multi-stream only",
  ignored(cell) {
    const arrival = cell["arrival"] ?? "closed";
    const settings = Object.entries(arrivalSettings).filter(([, pattern]) => pattern !== arrival);
    const names = settings.map(([name]) => name);
    return [...(arrival === "closed" ? ["arrival"] : []), ...names].filter((name) => name in cell);
  },
  reason: (axis, cell) =>
    axis === "arrival"
      ? "closed is how calls arrive without it"
      : `${axis} means nothing where arrivals are ${cell["arrival"] ?? "closed"}`,
};
