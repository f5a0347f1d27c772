import { median } from "../../shared/stats/quantile.ts";
import type { InstanceRun } from "../logic/common-window.ts";
import { describeLoad } from "../logic/server-load.ts";
import type { ArrivalMessage, DoneMessage } from "./contract.ts";
import type { Readings } from "./counters/collector.ts";

/** An instance's timed phase, as the common window is computed from it. */
export function toRun(done: DoneMessage, arrival: ArrivalMessage | undefined): InstanceRun {
  const offsets = arrival?.pattern === "server" ? arrival.offsets_ns : null;
  return {
    startedNs: BigInt(done.started_ns),
    endedNs: BigInt(done.ended_ns),
    durationsNs: done.durations_ns,
    endsNs: offsets && done.durations_ns.map((duration, i) => (offsets[i] ?? 0) + duration),
  };
}

/** Calls of the model; those that came at once have one duration together. */
export function callsOf(done: DoneMessage, arrival: ArrivalMessage | undefined): number {
  const streams = arrival?.pattern === "multi-stream" ? arrival.streams : 1;
  return done.durations_ns.length * streams;
}

/** Time inside the calls. */
export function busyNs({ service_ns, durations_ns }: DoneMessage): number {
  return (service_ns ?? durations_ns).reduce((sum, duration) => sum + duration, 0);
}

/** The load that came to a server and what became of it; nothing for the other patterns. */
export function loadReadings({
  done,
  arrivals,
}: {
  readonly done: readonly DoneMessage[];
  readonly arrivals: readonly ArrivalMessage[];
}): Readings {
  const served = done.flatMap((message, index) => {
    const arrival = arrivals[index];
    if (arrival?.pattern !== "server") return [];
    const spanNs = Number(BigInt(message.ended_ns) - BigInt(message.started_ns));
    return [{ offsetsNs: arrival.offsets_ns, serviceNs: message.service_ns ?? [], spanNs }];
  });
  if (served.length === 0) return {};
  const medians = served.map(({ serviceNs }) => median(serviceNs));
  return { ...describeLoad(served), service_median_ns: Math.max(...medians) };
}
