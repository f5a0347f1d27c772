import { type Method, precisionModes } from "../../shared/domain/method.ts";
import type { ProblemList } from "./problem-list.ts";
import type { SweepFile } from "./sweep-schema.ts";

type MethodFile = NonNullable<SweepFile["method"]>;

/** The precision mode's figures, with those that the file sets in their place. */
export function readMethod(raw: MethodFile | undefined, problems: ProblemList): Method {
  const file = raw ?? {};
  const mode = precisionModes[file.precision ?? "normal"];
  const method = { ...mode, ...readLaunches(mode, file.launches), ...readRest(mode, file) };
  checkOrder(method, problems);
  return method;
}

function readLaunches(
  mode: Method,
  launches: MethodFile["launches"],
): Pick<Method, "minLaunches" | "maxLaunches"> {
  if (typeof launches === "number") return { minLaunches: launches, maxLaunches: launches };
  const minLaunches =
    launches?.min ?? Math.min(mode.minLaunches, launches?.max ?? mode.minLaunches);
  return { minLaunches, maxLaunches: launches?.max ?? Math.max(mode.maxLaunches, minLaunches) };
}

/** A floor above the mode's ceiling lifts the ceiling, and a ceiling below its floor lowers the floor. */
function readRest(mode: Method, file: MethodFile): Partial<Method> {
  return {
    minCalls: file.min_calls ?? Math.min(mode.minCalls, file.max_calls ?? mode.minCalls),
    maxCalls: file.max_calls ?? Math.max(mode.maxCalls, file.min_calls ?? 0),
    minSeconds: file.min_seconds ?? Math.min(mode.minSeconds, file.max_seconds ?? mode.minSeconds),
    maxSeconds: file.max_seconds ?? Math.max(mode.maxSeconds, file.min_seconds ?? 0),
    warmupMaxSeconds: file.warmup_max_seconds ?? mode.warmupMaxSeconds,
    isolation: file.isolation ?? mode.isolation,
    launchTimeoutSeconds: file.launch_timeout_seconds ?? mode.launchTimeoutSeconds,
    noise: file.noise ?? mode.noise,
    interleave: file.interleave ?? mode.interleave,
    maxCellSeconds: file.max_cell_seconds ?? mode.maxCellSeconds,
    maxSweepSeconds: file.max_sweep_seconds ?? mode.maxSweepSeconds,
    seed: file.seed ?? mode.seed,
  };
}

function checkOrder(method: Method, problems: ProblemList): void {
  if (method.minLaunches > method.maxLaunches) {
    problems.at(["method", "launches"], "the fewest launches are more than the most");
  }
  if (method.minCalls > method.maxCalls) {
    problems.at(["method", "min_calls"], "min_calls is more than max_calls");
  }
  if (method.minSeconds > method.maxSeconds) {
    problems.at(["method", "min_seconds"], "min_seconds is more than max_seconds");
  }
}
