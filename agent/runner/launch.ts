import { toCpuSet } from "../../shared/domain/cpuset.ts";
import type { PlannedCell } from "../../shared/domain/log-event.ts";
import type { LaunchFailure, LaunchOutcome } from "../../shared/domain/result.ts";
import { contractVersion, type ReadyMessage } from "./contract.ts";
import { readCounters } from "./counters/registry.ts";
import { RunnerInstance } from "./instance.ts";
import { LaunchCancelled, LaunchFault } from "./launch-fault.ts";
import type { LaunchPlan, LaunchReport } from "./launch-plan.ts";
import type { LaunchSystem } from "./launch-system.ts";
import { measureCell } from "./measure-cell.ts";
import type { LaunchDeps, RunningLaunch } from "./running-launch.ts";
import { endInstances } from "./shutdown.ts";
import { takeStamp } from "./stamp.ts";
import { stepAside } from "./step-aside.ts";

/**
 * Starts the instances of a launch, measures its cells one after another and ends the instances. A
 * failure ends the launch: the cell that it happened in gets the reason, cells before it keep what
 * was measured, cells after it have no outcome; a failure to start is every cell's. Never throws for
 * what a runner does, and leaves no process behind.
 */
export async function runLaunch(plan: LaunchPlan, deps: LaunchDeps): Promise<LaunchReport> {
  if (deps.signal.aborted) return { outcomes: new Map(), cancelled: true };
  const { hostSettings } = deps.system;
  try {
    await hostSettings.apply(plan.settings.flatMap(({ setting }) => setting.hostChanges));
  } catch (error) {
    await putBack(deps);
    const message = `a setting of the host: ${error instanceof Error ? error.message : String(error)}`;
    return failAll(plan, deps, { type: "failed", reason: "refused", message, stderrTail: "" });
  }
  const { files, own } = deps.system;
  const aside = await stepAside(files, own, toCpuSet(plan.instances.flatMap(({ pus }) => pus)));
  try {
    return await runStarted(plan, deps, aside.isAside);
  } finally {
    await endLeftScopes(plan, deps);
    await aside.comeBack();
    await putBack(deps);
  }
}

async function putBack({ system, onTrouble }: LaunchDeps): Promise<void> {
  for (const trouble of await system.hostSettings.restore()) onTrouble?.(trouble);
}

/** A process that left its group is still in its scope or cgroup. */
async function endLeftScopes(plan: LaunchPlan, deps: LaunchDeps): Promise<void> {
  const { launchId, system, onTrouble } = deps;
  if (launchId === undefined || !/^(systemd|cgroup)\+/.test(plan.bindingTool)) return;
  const { left } = await system.endScopes(launchId);
  for (const unit of left) onTrouble?.(`processes in ${unit} do not end`);
}

function failAll({ cells }: LaunchPlan, deps: LaunchDeps, failure: LaunchFailure): LaunchReport {
  for (const { cellId } of cells) deps.onProgress(cellId, "failed");
  return { outcomes: new Map(cells.map(({ cellId }) => [cellId, failure])), cancelled: false };
}

async function runStarted(
  plan: LaunchPlan,
  deps: LaunchDeps,
  isAgentAside: boolean,
): Promise<LaunchReport> {
  const outcomes = new Map<string, LaunchOutcome>();
  const oomKillsBefore = await readOomKills(deps.system);
  const instances = plan.instances.map((_, index) => spawnInstance(plan, deps, index));
  let at: PlannedCell | null = null;
  try {
    const ready = await startInstances(plan, deps, instances);
    const timeoutMs = plan.method.launchTimeoutSeconds * 1_000;
    const running: RunningLaunch = { plan, deps, instances, ready, timeoutMs, isAgentAside };
    for (const planned of plan.cells) {
      at = planned;
      const outcome = await measureCell(running, planned);
      outcomes.set(planned.cellId, outcome);
      deps.onProgress(planned.cellId, outcome.type === "measured" ? "measured" : "failed");
    }
    await endInstances(instances, deps.system, "politely");
    return { outcomes, cancelled: false };
  } catch (error) {
    await endInstances(instances, deps.system, "at-once");
    if (error instanceof LaunchCancelled) return { outcomes, cancelled: true };
    if (!(error instanceof LaunchFault)) throw error;
    const oomKills = (await readOomKills(deps.system)) - oomKillsBefore;
    const failure = toFailure(error, { instances, oomKills });
    for (const { cellId } of at === null ? plan.cells : [at]) {
      outcomes.set(cellId, failure);
      deps.onProgress(cellId, "failed");
    }
    return { outcomes, cancelled: false };
  }
}

function spawnInstance(
  plan: LaunchPlan,
  { system, launchId }: LaunchDeps,
  index: number,
): RunnerInstance {
  const placement = plan.instances[index];
  if (placement === undefined) throw new Error(`instance ${index} has no placement`);
  const place = { launchId: launchId ?? null, index };
  const prefix = plan.settings.flatMap(({ setting }) => setting.prefix(placement, place));
  const environment = Object.assign(
    {},
    closedEnvironment,
    ...plan.settings.map(({ setting }) => setting.environment),
    toPreload(plan.settings.flatMap(({ setting }) => setting.preload)),
  ) as Record<string, string>;
  const child = system.spawn([...prefix, ...plan.argv], environment);
  return new RunnerInstance(child, index, () => takeStamp(system));
}

/** The loader takes several libraries with colons between them, the first one's symbols first. */
function toPreload(libraries: readonly string[]): Readonly<Record<string, string>> {
  return libraries.length === 0 ? {} : { LD_PRELOAD: libraries.join(":") };
}

/** What every runner gets beside its knobs: enough to find libraries and programs, nothing inherited. */
const closedEnvironment = {
  PATH: "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
  LC_ALL: "C.UTF-8",
} as const;

async function startInstances(
  plan: LaunchPlan,
  deps: LaunchDeps,
  instances: readonly RunnerInstance[],
): Promise<readonly ReadyMessage[]> {
  const timeoutMs = plan.method.launchTimeoutSeconds * 1_000;
  for (const { cellId } of plan.cells) deps.onProgress(cellId, "starting");
  return await Promise.all(
    instances.map(async (instance, index) => {
      const { pus = [], threads = 1 } = plan.instances[index] ?? {};
      instance.send({
        type: "start",
        contract: contractVersion,
        instance: index,
        instances: instances.length,
        pus: [...pus],
        threads,
        ...plan.start,
      });
      return await awaitReady(instance, timeoutMs, deps.signal);
    }),
  );
}

async function awaitReady(
  instance: RunnerInstance,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<ReadyMessage> {
  const message = await instance.next(timeoutMs, signal);
  if (message.type === "ready") return message;
  if (message.type === "failed") {
    throw new LaunchFault(message.reason, message.message, instance.index);
  }
  throw new LaunchFault("protocol", `"${message.type}" came before "ready"`, instance.index);
}

/** Kills by the kernel for want of memory, on the whole host since its start; 0 where it does not say. */
async function readOomKills({ files }: LaunchSystem): Promise<number> {
  const readings = await readCounters(files, { pids: [], pus: [] });
  return readings["oom_kills"] ?? 0;
}

function toFailure(
  fault: LaunchFault,
  { instances, oomKills }: { instances: readonly RunnerInstance[]; oomKills: number },
): LaunchFailure {
  const culprit = instances[fault.instance ?? 0];
  const stderrTail = culprit?.stderrTail ?? "";
  const where = instances.length > 1 && fault.instance !== null;
  const place = where ? `instance ${fault.instance + 1} of ${instances.length}: ` : "";
  const message = `${place}${fault.message}`;
  if (fault.reason === "killed" && oomKills > 0) {
    return { type: "failed", reason: "oom-killed", message, stderrTail };
  }
  const isLost = where && (fault.reason === "crashed" || fault.reason === "killed");
  return { type: "failed", reason: isLost ? "instance-lost" : fault.reason, message, stderrTail };
}
