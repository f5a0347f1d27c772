import type { Method } from "../../shared/domain/method.ts";
import type { Reason, Verdict } from "../../shared/domain/result.ts";
import { isBimodal } from "../../shared/stats/bimodality.ts";
import { countOutliers } from "../../shared/stats/outliers.ts";

/** What a launch shows of one cell, as far as a verdict needs it. */
export interface CellEvidence {
  readonly method: Method;
  readonly instances: readonly InstanceEvidence[];
  readonly counters: Readonly<Record<string, number | null>>;
  /** Between the readings of the counters. */
  readonly windowSeconds: number;
  /** PUs of all instances. */
  readonly puCount: number;
  /** The common window as a share of the longest instance's; null where it says nothing. */
  readonly commonWindowShare: number | null;
}

export interface InstanceEvidence {
  readonly index: number;
  /** What the cell's figures rest on: from the intended start of each call. */
  readonly durationsNs: readonly number[];
  /** Time inside each call: what shows whether the instance itself was even. */
  readonly serviceNs: readonly number[];
  /** What is wrong with the runner's clock, or null. */
  readonly clockProblem: string | null;
  readonly steady: boolean;
  /** Null where /proc did not show the affinity. */
  readonly strayPus: readonly number[] | null;
  /** What knobs found instead of the value asked for. */
  readonly knobProblems: readonly string[];
}

type Severity = "flagged" | "invalid";

interface Finding {
  readonly severity: Severity;
  readonly message: string;
}

/** Judges one thing; null where there is nothing to say or nothing is known. */
type Check = (evidence: CellEvidence) => Finding | null;

/** Every code of a verdict with its check: a new one is one line here and one in CONTRACT.md. */
const checks = {
  "off-plan-affinity": checkAffinity,
  "affinity-unknown": checkAffinityKnown,
  "knob-not-effective": checkKnobs,
  "off-plan-memory": checkMemory,
  "foreign-cpu": checkForeignCpu,
  steal: checkSteal,
  throttled: checkThrottling,
  swapped: checkSwap,
  "major-faults": checkMajorFaults,
  "memory-pressure": checkMemoryPressure,
  "window-overlap": checkWindow,
  "clock-jump": checkClock,
  overloaded: checkLoad,
  "few-calls": checkCalls,
  "no-steady-state": checkSteady,
  spiky: checkSpikes,
  bimodal: checkModes,
} as const satisfies Record<string, Check>;

export type VerdictCode = keyof typeof checks;

export const verdictCodes = Object.keys(checks) as readonly VerdictCode[];

/** Thresholds; sources are named where they are not our own. */
const policy = {
  foreignCpu: { flagged: 0.02, invalid: 0.05 },
  /** A bare-metal host has none; a guest always a little. */
  steal: { flagged: 0.001, invalid: 0.02 },
  /** Of the bytes that a binding policy placed. */
  memoryOnPlan: 0.95,
  majorFaultsPerSecond: 10,
  /** Of the window; the kernel's PSI documentation calls any memory stall a loss. */
  memoryPressure: 0.001,
  commonWindow: { flagged: 0.9, invalid: 0.5 },
  /** Share of severe outliers. */
  spikes: 0.05,
  /** Resolution of the CPU times in /proc. */
  tickSeconds: 0.01,
} as const;

/** A launch is as good as its worst finding. */
export function judge(evidence: CellEvidence): Verdict {
  let status: Verdict["status"] = "valid";
  const reasons: Reason[] = [];
  for (const [code, check] of Object.entries<Check>(checks)) {
    const finding = check(evidence);
    if (finding === null) continue;
    reasons.push({ code, message: finding.message });
    if (status !== "invalid") status = finding.severity;
  }
  return { status, reasons };
}

function flagged(message: string): Finding {
  return { severity: "flagged", message };
}

function invalid(message: string): Finding {
  return { severity: "invalid", message };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function checkAffinity({ instances }: CellEvidence): Finding | null {
  const stray = instances.find(({ strayPus }) => strayPus !== null && strayPus.length > 0);
  if (stray === undefined) return null;
  return invalid(`threads of instance ${stray.index} may run on PUs ${stray.strayPus?.join(",")}`);
}

function checkAffinityKnown({ instances }: CellEvidence): Finding | null {
  const unknown = instances.find(({ strayPus }) => strayPus === null);
  if (unknown === undefined) return null;
  return flagged(`/proc does not show the affinity of instance ${unknown.index}`);
}

function checkKnobs({ instances }: CellEvidence): Finding | null {
  const problems = new Set(instances.flatMap(({ knobProblems }) => knobProblems));
  return problems.size === 0 ? null : invalid([...problems].join("; "));
}

function checkMemory({ counters }: CellEvidence): Finding | null {
  const share = counters["memory_on_plan"] ?? null;
  if (share === null || share >= policy.memoryOnPlan) return null;
  return invalid(`${percent(share)} of the memory lies on the planned NUMA nodes`);
}

/** `foreign_cpu_share` rests on counts of ticks, one off at worst for every PU: half of them cancel. */
function checkForeignCpu({ counters, windowSeconds, puCount }: CellEvidence): Finding | null {
  const share = counters["foreign_cpu_share"] ?? null;
  if (share === null) return null;
  const tolerance = (2 * policy.tickSeconds * Math.sqrt(puCount)) / (windowSeconds * puCount);
  const message = `other programs took ${percent(share)} of the CPU set`;
  if (share > policy.foreignCpu.invalid + tolerance) return invalid(message);
  return share > policy.foreignCpu.flagged + tolerance ? flagged(message) : null;
}

function checkSteal({ counters, windowSeconds, puCount }: CellEvidence): Finding | null {
  const seconds = counters["steal_seconds"] ?? null;
  if (seconds === null) return null;
  const share = seconds / (windowSeconds * puCount);
  const message = `the hypervisor took ${percent(share)} of the CPU set`;
  // One tick is the least that can show, however little was stolen.
  if (seconds <= policy.tickSeconds) return null;
  if (share > policy.steal.invalid) return invalid(message);
  return share > policy.steal.flagged ? flagged(message) : null;
}

function checkThrottling({ counters }: CellEvidence): Finding | null {
  const events = (counters["core_throttles"] ?? 0) + (counters["package_throttles"] ?? 0);
  return events > 0 ? invalid(`${events} thermal throttling events`) : null;
}

function checkSwap({ counters }: CellEvidence): Finding | null {
  const pages = (counters["swap_in_pages"] ?? 0) + (counters["swap_out_pages"] ?? 0);
  return pages > 0 ? invalid(`the host swapped ${pages} pages`) : null;
}

function checkMajorFaults({ counters, windowSeconds }: CellEvidence): Finding | null {
  const rate = (counters["major_faults"] ?? 0) / windowSeconds;
  if (rate <= policy.majorFaultsPerSecond) return null;
  return flagged(`${rate.toFixed(0)} page faults a second were read from disk`);
}

function checkMemoryPressure({ counters, windowSeconds }: CellEvidence): Finding | null {
  const share = (counters["memory_pressure_seconds"] ?? 0) / windowSeconds;
  if (share <= policy.memoryPressure) return null;
  return flagged(`threads waited for memory in ${percent(share)} of the window`);
}

function checkWindow({ commonWindowShare }: CellEvidence): Finding | null {
  if (commonWindowShare === null) return null;
  const message = `all instances ran together in ${percent(commonWindowShare)} of the longest run`;
  if (commonWindowShare < policy.commonWindow.invalid) return invalid(message);
  return commonWindowShare < policy.commonWindow.flagged ? flagged(message) : null;
}

function checkClock({ instances }: CellEvidence): Finding | null {
  const wrong = instances.find(({ clockProblem }) => clockProblem !== null);
  return wrong === undefined ? null : invalid(`instance ${wrong.index}: ${wrong.clockProblem}`);
}

/** From a utilisation of 1 on the latency depends on how long it is watched: it is no figure of the cell. */
function checkLoad({ counters }: CellEvidence): Finding | null {
  const utilisation = counters["utilisation"] ?? null;
  const unserved = counters["unserved_calls"] ?? 0;
  if (utilisation === null || (utilisation < 1 && unserved === 0)) return null;
  const left = unserved === 0 ? "" : `, and ${unserved} calls were never served`;
  return flagged(`calls come at ${percent(utilisation)} of what can be served${left}`);
}

function checkCalls({ instances, method }: CellEvidence): Finding | null {
  const calls = Math.min(...instances.map(({ durationsNs }) => durationsNs.length));
  if (calls >= method.minCalls) return null;
  return flagged(`${calls} calls in ${method.maxSeconds} s, asked for ${method.minCalls}`);
}

function checkSteady({ instances, method }: CellEvidence): Finding | null {
  const unsteady = instances.find(({ steady }) => !steady);
  if (unsteady === undefined) return null;
  const cap = `${method.warmupMaxSeconds} s`;
  return flagged(`instance ${unsteady.index} was not steady after ${cap} of warm-up`);
}

function checkSpikes({ instances }: CellEvidence): Finding | null {
  for (const { index, serviceNs } of instances) {
    const share = countOutliers(serviceNs).severe / serviceNs.length;
    if (share <= policy.spikes) continue;
    return flagged(`${percent(share)} of the calls of instance ${index} are severe outliers`);
  }
  return null;
}

function checkModes({ instances }: CellEvidence): Finding | null {
  const found = instances.find(({ serviceNs }) => isBimodal(serviceNs));
  if (found === undefined) return null;
  return flagged(`the calls of instance ${found.index} fall into two groups`);
}
