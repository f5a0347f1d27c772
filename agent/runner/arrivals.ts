import { type Arrival, readArrival } from "../../shared/domain/arrival.ts";
import type { PlannedCell } from "../../shared/domain/log-event.ts";
import { poissonArrivals } from "../logic/poisson-arrivals.ts";
import { type ArrivalMessage, contractLimits, type WarmMessage } from "./contract.ts";
import type { LaunchPlan } from "./launch-plan.ts";

/** The arrivals of a cell that `planLaunch` let through. */
export function arrivalOf({ cell }: PlannedCell): Arrival {
  const arrival = readArrival(cell);
  if ("problem" in arrival) throw new Error(arrival.problem);
  return arrival;
}

/**
 * What one instance is told of its arrivals. Of a server's load each instance gets an even part, which
 * is a Poisson process again. The schedule is the same for every cell of one block with this rate, so
 * that cells are compared under the same load.
 */
export function toArrivalMessage(
  { method, instances, block }: LaunchPlan,
  arrival: Arrival,
  index: number,
): ArrivalMessage {
  switch (arrival.pattern) {
    case "closed":
    case "offline":
      return { pattern: arrival.pattern };
    case "multi-stream":
      return { pattern: arrival.pattern, streams: arrival.streams };
    case "server":
      return {
        pattern: arrival.pattern,
        offsets_ns: [
          ...poissonArrivals({
            callsPerSecond: arrival.callsPerSecond / instances.length,
            minCalls: method.minCalls,
            maxCalls: Math.min(method.maxCalls, contractLimits.calls),
            minSeconds: method.minSeconds,
            maxSeconds: method.maxSeconds,
            seed: method.seed,
            stream: `arrivals of block ${block} at instance ${index}`,
          }),
        ],
      };
  }
}

/**
 * Calls that each instance makes in an offline phase: as many as the fastest needs to fill the least
 * time and no more than the slowest can make in the most, so that all get the same work.
 */
export function offlineCalls({ method }: LaunchPlan, warm: readonly WarmMessage[]): number {
  const callNs = warm.map(({ call_ns, first_call_ns }) => Math.max(1, call_ns ?? first_call_ns));
  const filling = Math.ceil((method.minSeconds * 1e9) / Math.min(...callNs));
  const affordable = Math.floor((method.maxSeconds * 1e9) / Math.max(...callNs));
  const most = Math.min(method.maxCalls, contractLimits.calls, Math.max(1, affordable));
  return Math.min(most, Math.max(method.minCalls, filling));
}
