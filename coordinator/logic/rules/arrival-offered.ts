import { readArrival } from "../../../shared/domain/arrival.ts";
import type { RunnerRule } from "./rule.ts";

export const arrivalOffered: RunnerRule = {
  name: "arrival-offered",
  summary:
    "arrivals that the runner does not offer, or that lack `arrival_rate` (server) or `streams` (multi-stream)",
  refuse(cell, { name, arrivals = ["closed"] }) {
    const arrival = readArrival(cell);
    if ("problem" in arrival) return { axis: "arrival", reason: arrival.problem };
    if (arrivals.includes(arrival.pattern)) return null;
    const reason = `${name} offers no arrival ${arrival.pattern} (it offers ${arrivals.join(", ")})`;
    return { axis: "arrival", reason };
  },
};
