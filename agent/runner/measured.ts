import { numberAxis } from "../../shared/domain/cell.ts";
import type { PlannedCell } from "../../shared/domain/log-event.ts";
import type {
  InstanceMeasurement,
  LaunchEnvironment,
  Measured,
} from "../../shared/domain/result.ts";
import { encodeSamples, sampleBudget } from "../../shared/runtime/sample-codec.ts";
import { allowsPercentile } from "../../shared/stats/percentile-guard.ts";
import { median, quantile } from "../../shared/stats/quantile.ts";
import { clockProblem } from "../logic/clock-check.ts";
import { type CommonWindow, commonWindow } from "../logic/common-window.ts";
import { fairness } from "../logic/fairness.ts";
import { judge } from "../logic/verdict.ts";
import type { ArrivalMessage, DoneMessage, WarmMessage } from "./contract.ts";
import type { Readings } from "./counters/collector.ts";
import { readLocality } from "./locality.ts";
import { busyNs, callsOf, loadReadings, toRun } from "./observed-calls.ts";
import type { InstanceReadback } from "./read-back.ts";
import type { RunningLaunch } from "./running-launch.ts";
import type { WatchedWindow } from "./window.ts";

/** Everything that the launch saw of one cell. */
export interface CellObservation extends WatchedWindow {
  readonly warm: readonly WarmMessage[];
  /** What each instance was asked for. */
  readonly arrivals: readonly ArrivalMessage[];
  readonly readback: readonly InstanceReadback[];
}

/** Puts the observation of a cell together to its outcome, with the verdict. */
export async function toMeasured(
  launch: RunningLaunch,
  { cell }: PlannedCell,
  seen: CellObservation,
): Promise<Measured> {
  const window = commonWindow(seen.done.map((done, index) => toRun(done, seen.arrivals[index])));
  const batchSize = numberAxis(cell, "batch_size") ?? 1;
  const instances = seen.done.map((_, index) => toInstance(launch, seen, index));
  const counters = {
    ...seen.counters,
    ...(await readLocality(launch)),
    ...fairness(window.calls),
    ...loadReadings(seen),
    ...perSample(seen.counters, batchSize, seen),
    p99_ns: tailNs(seen.done),
    start_skew_ns: window.startSkewNs,
    common_window_seconds: window.seconds,
  };
  return {
    type: "measured",
    medianNs: Math.max(...instances.map(({ medianNs }) => medianNs)),
    samplesPerSecond: batchSize * callsPerSecond(seen, window),
    instances,
    verdict: toVerdict(launch, { ...seen, counters }, window),
    environment: toEnvironment(launch, seen, counters),
  };
}

/** In the window of all instances; of an offline phase all calls, from its first start to its last end. */
function callsPerSecond(seen: CellObservation, window: CommonWindow): number {
  const [arrival] = seen.arrivals;
  const streams = arrival?.pattern === "multi-stream" ? arrival.streams : 1;
  if (arrival?.pattern === "offline") {
    const calls = seen.done.reduce((sum, done) => sum + done.durations_ns.length, 0);
    return window.spanSeconds === 0 ? 0 : calls / window.spanSeconds;
  }
  const calls = window.calls.reduce((sum, count) => sum + count, 0);
  return window.seconds === 0 ? 0 : (streams * calls) / window.seconds;
}

/** What one call or one sample cost, over all instances; null where the host does not say. */
function perSample(counters: Readings, batchSize: number, { done, arrivals }: CellObservation) {
  const calls = done.reduce((sum, message, index) => sum + callsOf(message, arrivals[index]), 0);
  const per = (name: string, count: number): number | null => {
    const total = counters[name] ?? null;
    return total === null ? null : total / count;
  };
  return {
    minor_faults_per_call: per("minor_faults", calls),
    cpu_seconds_per_call: per("cpu_seconds", calls),
    joules_per_sample: per("package_energy_joules", calls * batchSize),
  };
}

/** The 99th percentile of all instances' calls together; null for fewer than it needs. */
function tailNs(done: readonly DoneMessage[]): number | null {
  const calls = done.flatMap(({ durations_ns }) => durations_ns);
  return allowsPercentile(99, calls.length) ? quantile(calls, 0.99) : null;
}

function toInstance(
  { ready }: RunningLaunch,
  { done, warm }: CellObservation,
  index: number,
): InstanceMeasurement {
  const [run, warmed, started] = [done[index], warm[index], ready[index]];
  if (run === undefined || warmed === undefined || started === undefined) {
    throw new Error(`instance ${index} has not measured`);
  }
  const kinds = run.service_ns === undefined ? 1 : 2;
  const budget = sampleBudget(kinds * done.length);
  return {
    index,
    calls: run.durations_ns.length,
    warmupCalls: warmed.calls,
    medianNs: median(run.durations_ns),
    startedNs: run.started_ns,
    endedNs: run.ended_ns,
    samples: encodeSamples(run.durations_ns, budget),
    ...(run.service_ns === undefined ? {} : { service: encodeSamples(run.service_ns, budget) }),
    ...toWarmup(warmed),
    loadNs: started.load_ns,
    firstCallNs: warmed.first_call_ns,
  };
}

function toWarmup({ durations_ns: durations = [] }: WarmMessage) {
  return durations.length === 0 ? {} : { warmup: encodeSamples(durations) };
}

function toVerdict(launch: RunningLaunch, seen: CellObservation, window: CommonWindow) {
  return judge({
    method: launch.plan.method,
    counters: seen.counters,
    windowSeconds: seen.windowSeconds,
    puCount: launch.plan.instances.reduce((sum, { pus }) => sum + pus.length, 0),
    // An offline phase lasts until the last instance is done, and its rate says so.
    commonWindowShare: seen.arrivals[0]?.pattern === "offline" ? null : window.share,
    instances: seen.done.map((done, index) => ({
      index,
      durationsNs: done.durations_ns,
      serviceNs: done.service_ns ?? done.durations_ns,
      steady: seen.warm[index]?.steady ?? false,
      clockProblem: findClockProblem(launch, seen, index),
      strayPus: seen.readback[index]?.affinity?.strayPus ?? null,
      knobProblems: seen.readback[index]?.knobProblems ?? [],
    })),
  });
}

/** A runner that only pretends to compute has a clock of its own, and says so. */
function findClockProblem(
  { ready }: RunningLaunch,
  { done, releasedNs, heardNs }: CellObservation,
  index: number,
): string | null {
  const run: DoneMessage | undefined = done[index];
  if (run === undefined || ready[index]?.readback["virtual_clock"] === true) return null;
  const { startedNs, endedNs } = toRun(run, undefined);
  return clockProblem({ startedNs, endedNs, busyNs: busyNs(run), releasedNs, heardNs });
}

function toEnvironment(
  { plan, ready, isAgentAside }: RunningLaunch,
  { done, readback }: CellObservation,
  counters: Readings,
): LaunchEnvironment {
  const processThreads = readback.map(({ affinity }) => affinity?.threads ?? null);
  return {
    // What the program says of itself; the catalogue says only what it was before it started.
    runnerVersions: ready[0]?.versions ?? { runner: plan.runnerVersion },
    bindingTool: plan.bindingTool,
    readback: {
      ...ready[0]?.readback,
      ...done[0]?.readback,
      ...Object.assign({}, ...plan.settings.map(({ setting }) => setting.readback)),
      ...readback[0]?.shown,
      agent_aside: isAgentAside,
      thp: readback[0]?.host.hugePages ?? null,
      huge_page_bytes: readback[0]?.host.hugePageBytes ?? null,
      governor: readback[0]?.host.governor ?? null,
      threads: ready[0]?.threads ?? null,
      process_threads: processThreads[0] ?? null,
      checksum: done[0]?.checksum ?? null,
      checksums_agree: done.every(({ checksum }) => checksum === done[0]?.checksum),
    },
    counters,
  };
}
