import { numberAxis } from "../../shared/domain/cell.ts";
import type { PlannedCell } from "../../shared/domain/log-event.ts";
import type {
  InstanceMeasurement,
  LaunchEnvironment,
  Measured,
} from "../../shared/domain/result.ts";
import { encodeSamples } from "../../shared/runtime/sample-codec.ts";
import { median } from "../../shared/stats/quantile.ts";
import { type CommonWindow, commonWindow } from "../logic/common-window.ts";
import { judge } from "../logic/verdict.ts";
import type { DoneMessage, WarmMessage } from "./contract.ts";
import type { Readings } from "./counters/collector.ts";
import { readLocality } from "./locality.ts";
import type { InstanceReadback } from "./read-back.ts";
import type { RunningLaunch } from "./running-launch.ts";
import type { WatchedWindow } from "./window.ts";

/** Everything that the launch saw of one cell. */
export interface CellObservation extends WatchedWindow {
  readonly warm: readonly WarmMessage[];
  readonly readback: readonly InstanceReadback[];
}

/** Puts the observation of a cell together to its outcome, with the verdict. */
export async function toMeasured(
  launch: RunningLaunch,
  { cell }: PlannedCell,
  seen: CellObservation,
): Promise<Measured> {
  const window = commonWindow(seen.done.map(toRun));
  const batchSize = numberAxis(cell, "batch_size") ?? 1;
  const instances = seen.done.map((_, index) => toInstance(launch, seen, index));
  const samplesPerSecond =
    window.seconds === 0
      ? 0
      : (batchSize * window.calls.reduce((sum, calls) => sum + calls, 0)) / window.seconds;
  const counters = {
    ...seen.counters,
    ...(await readLocality(launch)),
    start_skew_ns: window.startSkewNs,
    common_window_seconds: window.seconds,
  };
  return {
    type: "measured",
    medianNs: Math.max(...instances.map(({ medianNs }) => medianNs)),
    samplesPerSecond,
    instances,
    verdict: toVerdict(launch, { ...seen, counters }, window),
    environment: toEnvironment(launch, seen, counters),
  };
}

function toRun(done: DoneMessage) {
  return {
    startedNs: BigInt(done.started_ns),
    endedNs: BigInt(done.ended_ns),
    durationsNs: done.durations_ns,
  };
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
  return {
    index,
    calls: run.durations_ns.length,
    warmupCalls: warmed.calls,
    medianNs: median(run.durations_ns),
    startedNs: run.started_ns,
    endedNs: run.ended_ns,
    samples: encodeSamples(run.durations_ns),
    loadNs: started.load_ns,
    firstCallNs: warmed.first_call_ns,
  };
}

function toVerdict(launch: RunningLaunch, seen: CellObservation, window: CommonWindow) {
  return judge({
    method: launch.plan.method,
    counters: seen.counters,
    windowSeconds: seen.windowSeconds,
    puCount: launch.plan.instances.reduce((sum, { pus }) => sum + pus.length, 0),
    commonWindowShare: window.share,
    instances: seen.done.map(({ durations_ns }, index) => ({
      index,
      durationsNs: durations_ns,
      steady: seen.warm[index]?.steady ?? false,
      strayPus: seen.readback[index]?.affinity?.strayPus ?? null,
      knobProblems: seen.readback[index]?.knobProblems ?? [],
    })),
  });
}

function toEnvironment(
  { plan, ready }: RunningLaunch,
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
      threads: ready[0]?.threads ?? null,
      process_threads: processThreads[0] ?? null,
      checksum: done[0]?.checksum ?? null,
      checksums_agree: done.every(({ checksum }) => checksum === done[0]?.checksum),
    },
    counters,
  };
}
