import { expect, test } from "vitest";
import { precisionModes } from "../../shared/domain/method.ts";
import { type CellEvidence, type InstanceEvidence, judge } from "./verdict.ts";

const durationsNs = Array.from({ length: 200 }, (_, i) => 1_000_000 + 1_000 * (i % 7));

const quiet: CellEvidence = {
  method: precisionModes.quick,
  instances: [
    {
      index: 0,
      durationsNs,
      serviceNs: durationsNs,
      clockProblem: null,
      steady: true,
      strayPus: [],
      knobProblems: [],
    },
  ],
  counters: { foreign_cpu_share: 0, steal_seconds: 0 },
  windowSeconds: 5,
  puCount: 4,
  commonWindowShare: 1,
};

function withInstance(changes: Partial<InstanceEvidence>): CellEvidence {
  return { ...quiet, instances: quiet.instances.map((instance) => ({ ...instance, ...changes })) };
}

function withCounters(counters: CellEvidence["counters"]): CellEvidence {
  return { ...quiet, counters };
}

test("a quiet launch is valid, and so is one on a host that shows no counters", () => {
  expect(judge(quiet)).toEqual({ status: "valid", reasons: [] });
  expect(judge(withCounters({}))).toEqual({ status: "valid", reasons: [] });
});

const spikes = durationsNs.map((value, i) => (i % 10 === 0 ? 3 * value : value));
const modes = durationsNs.map((value, i) => (i < 80 ? 2 * value : value));

test.each<[code: string, status: string, evidence: CellEvidence]>([
  ["off-plan-affinity", "invalid", withInstance({ strayPus: [7] })],
  ["affinity-unknown", "flagged", withInstance({ strayPus: null })],
  ["knob-not-effective", "invalid", withInstance({ knobProblems: ["allocator: not mapped"] })],
  ["off-plan-memory", "invalid", withCounters({ memory_on_plan: 0.9 })],
  ["foreign-cpu", "flagged", withCounters({ foreign_cpu_share: 0.03 })],
  ["foreign-cpu", "invalid", withCounters({ foreign_cpu_share: 0.08 })],
  ["steal", "flagged", withCounters({ steal_seconds: 0.1 })],
  ["steal", "invalid", withCounters({ steal_seconds: 1 })],
  ["throttled", "invalid", withCounters({ core_throttles: 1, package_throttles: null })],
  ["swapped", "invalid", withCounters({ swap_in_pages: 0, swap_out_pages: 3 })],
  ["major-faults", "flagged", withCounters({ major_faults: 100 })],
  ["memory-pressure", "flagged", withCounters({ memory_pressure_seconds: 0.1 })],
  ["window-overlap", "flagged", { ...quiet, commonWindowShare: 0.8 }],
  ["window-overlap", "invalid", { ...quiet, commonWindowShare: 0.3 }],
  ["few-calls", "flagged", withInstance({ durationsNs: durationsNs.slice(0, 20) })],
  ["no-steady-state", "flagged", withInstance({ steady: false })],
  ["clock-jump", "invalid", withInstance({ clockProblem: "the phase ends before it starts" })],
  ["overloaded", "flagged", withCounters({ utilisation: 1.2, unserved_calls: 0 })],
  ["overloaded", "flagged", withCounters({ utilisation: 0.9, unserved_calls: 3 })],
  ["spiky", "flagged", withInstance({ serviceNs: spikes })],
  ["bimodal", "flagged", withInstance({ serviceNs: modes })],
])("%s makes a launch %s", (code, status, evidence) => {
  const verdict = judge(evidence);
  expect(verdict.status).toBe(status);
  expect(verdict.reasons.map((reason) => reason.code)).toContain(code);
});

test("calls that had to wait for others are neither spiky nor in two groups by that", () => {
  const waited = withInstance({ durationsNs: [...spikes, ...modes] });
  expect(judge(waited)).toEqual({ status: "valid", reasons: [] });
});

test("an offline phase, which ends with its last instance, is judged by no common window", () => {
  expect(judge({ ...quiet, commonWindowShare: null }).status).toBe("valid");
});

test("a short window forgives what the tick of the CPU times cannot resolve", () => {
  const short = { ...quiet, windowSeconds: 0.2, puCount: 1 };
  expect(judge({ ...short, counters: { foreign_cpu_share: 0.1 } }).status).toBe("valid");
  expect(judge({ ...short, counters: { foreign_cpu_share: 0.3 } }).status).toBe("invalid");
});

test("the worst finding decides, whatever its place in the list", () => {
  const mixed = { ...withInstance({ strayPus: [7], steady: false }), commonWindowShare: 0.8 };
  const verdict = judge(mixed);
  expect(verdict.status).toBe("invalid");
  expect(verdict.reasons).toHaveLength(3);
});
