import { numberAxis } from "../../shared/domain/cell.ts";
import type { PlannedCell } from "../../shared/domain/log-event.ts";
import type { LaunchOutcome } from "../../shared/domain/result.ts";
import { arrivalOf, offlineCalls, toArrivalMessage } from "./arrivals.ts";
import {
  type ArrivalMessage,
  contractLimits,
  type DoneMessage,
  type GoMessage,
  type PrepareMessage,
  type RunnerMessage,
  type WarmMessage,
} from "./contract.ts";
import type { RunnerInstance } from "./instance.ts";
import { LaunchFault } from "./launch-fault.ts";
import { toMeasured } from "./measured.ts";
import { mergeReadbacks, readBack } from "./read-back.ts";
import type { RunningLaunch } from "./running-launch.ts";
import { watchWindow } from "./window.ts";

/**
 * Measures one cell on all instances: prepare and warm up, read back what is in force, release all from
 * the barrier, run until each has enough, finish, read back again. A failed outcome means that the runner declined this
 * cell and stays.
 * @throws LaunchFault, LaunchCancelled: the launch is over.
 */
export async function measureCell(
  launch: RunningLaunch,
  planned: PlannedCell,
): Promise<LaunchOutcome> {
  const { instances, deps } = launch;
  deps.onProgress(planned.cellId, "warming-up");
  const arrivals = instances.map((_, index) =>
    toArrivalMessage(launch.plan, arrivalOf(planned), index),
  );
  for (const [index, instance] of instances.entries()) {
    instance.send(toPrepare(launch, planned, arrivals[index] ?? { pattern: "closed" }));
  }
  const warmed = await Promise.all(
    instances.map((instance) => expect(launch, instance, planned.cellId, ["warm", "failed"])),
  );
  const declined = warmed.find((message) => message.type === "failed");
  if (declined !== undefined) return decline(launch, declined, warmed);
  const warm = warmed.filter((message): message is WarmMessage => message.type === "warm");
  // Told before the processes are looked at, so that it is sent before the phase begins.
  deps.onProgress(planned.cellId, "measuring");
  const before = await readBack(launch);
  const go = toGo(launch, planned, warm);
  const window = await watchWindow(launch, async () => {
    for (const instance of instances) instance.send(go);
    return await collect(launch, planned, runsOn(launch, planned));
  });
  for (const [index, message] of window.done.entries()) checkDone(message, { arrivals, go, index });
  return await toMeasured(launch, planned, {
    warm,
    arrivals,
    readback: mergeReadbacks(before, await readBack(launch)),
    ...window,
  });
}

/** Instances keep each other company where each makes calls for as long as it likes. */
function runsOn({ instances }: RunningLaunch, planned: PlannedCell): boolean {
  const { pattern } = arrivalOf(planned);
  return instances.length > 1 && (pattern === "closed" || pattern === "multi-stream");
}

function toPrepare(
  launch: RunningLaunch,
  planned: PlannedCell,
  arrival: ArrivalMessage,
): PrepareMessage {
  const { method } = launch.plan;
  const { cellId, cell } = planned;
  return {
    type: "prepare",
    cell: cellId,
    batch_size: numberAxis(cell, "batch_size") ?? 1,
    sequence_length: numberAxis(cell, "sequence_length") ?? null,
    warmup: { max_ms: method.warmupMaxSeconds * 1_000 },
    timed: {
      min_calls: method.minCalls,
      max_calls: Math.min(method.maxCalls, contractLimits.calls),
      min_ms: method.minSeconds * 1_000,
      max_ms: method.maxSeconds * 1_000,
    },
    arrival,
    run_on: runsOn(launch, planned),
  } as const;
}

function toGo(
  { plan }: RunningLaunch,
  planned: PlannedCell,
  warm: readonly WarmMessage[],
): GoMessage {
  const go = { type: "go", cell: planned.cellId } as const;
  if (arrivalOf(planned).pattern !== "offline") return go;
  return { ...go, calls: offlineCalls(plan, warm) };
}

/** @throws LaunchFault protocol where the runner did not measure the arrivals that it was asked for. */
function checkDone(
  { arrival = "closed", durations_ns, service_ns }: DoneMessage,
  asked: { arrivals: readonly ArrivalMessage[]; go: GoMessage; index: number },
): void {
  const wanted = asked.arrivals[asked.index];
  const wrong = (found: string): never => {
    throw new LaunchFault("protocol", found, asked.index);
  };
  if (wanted === undefined || wanted.pattern !== arrival) {
    wrong(`measured ${arrival} arrivals, asked for ${wanted?.pattern}`);
  }
  if (asked.go.calls !== undefined && durations_ns.length !== asked.go.calls) {
    wrong(`measured ${durations_ns.length} calls, asked for exactly ${asked.go.calls}`);
  }
  if (wanted?.pattern !== "server") return;
  if (service_ns?.length !== durations_ns.length) wrong("service_ns and durations_ns differ");
  if (durations_ns.length > wanted.offsets_ns.length) wrong("more calls than were to come");
}

/** Where they run on, all instances do until the slowest has enough; then all finish together. */
async function collect(
  launch: RunningLaunch,
  { cellId }: PlannedCell,
  runOn: boolean,
): Promise<readonly DoneMessage[]> {
  const first = await Promise.all(
    launch.instances.map((instance) => expect(launch, instance, cellId, ["enough", "done"])),
  );
  if (runOn)
    for (const instance of launch.instances) instance.send({ type: "finish", cell: cellId });
  return await Promise.all(
    launch.instances.map(async (instance, index) => {
      const known = first[index];
      const message =
        known?.type === "done" ? known : await expect(launch, instance, cellId, ["done"]);
      if (message.type !== "done") throw new Error("expected done");
      return message;
    }),
  );
}

/** The next message, which must be of these types and of this cell. */
async function expect(
  { timeoutMs, deps }: RunningLaunch,
  instance: RunnerInstance,
  cellId: string,
  types: readonly RunnerMessage["type"][],
): Promise<RunnerMessage> {
  const message = await instance.next(timeoutMs, deps.signal);
  const cell = "cell" in message ? message.cell : null;
  if (cell !== null && cell !== cellId) {
    const found = `"${message.type}" names cell ${cell}, not ${cellId}`;
    throw new LaunchFault("protocol", found, instance.index);
  }
  if (types.includes(message.type)) return message;
  if (message.type === "failed") {
    throw new LaunchFault(message.reason, message.message, instance.index);
  }
  const wanted = types.join(" or ");
  throw new LaunchFault("protocol", `"${message.type}" came, not ${wanted}`, instance.index);
}

/** The runner stays only where every instance declined: else some of them wait at the barrier. */
function decline(
  { instances }: RunningLaunch,
  declined: RunnerMessage & { type: "failed" },
  all: readonly RunnerMessage[],
): LaunchOutcome {
  const { reason, message, cell } = declined;
  if (cell === null || all.some(({ type }) => type !== "failed")) {
    throw new LaunchFault(reason, message, all.indexOf(declined));
  }
  return { type: "failed", reason, message, stderrTail: instances[0]?.stderrTail ?? "" };
}
