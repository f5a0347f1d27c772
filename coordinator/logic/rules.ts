import { arenaAllocator } from "./rules/arena-allocator.ts";
import { arrivalOffered } from "./rules/arrival-offered.ts";
import { arrivalSettingsRule } from "./rules/arrival-settings.ts";
import { gnuBlocktime } from "./rules/gnu-blocktime.ts";
import { ignoredKnobs } from "./rules/ignored-knobs.ts";
import { intelGomp } from "./rules/intel-gomp.ts";
import { intelWaitPolicy } from "./rules/intel-wait-policy.ts";
import { knobAvailable } from "./rules/knob-available.ts";
import { offeredByRunner } from "./rules/offered-by-runner.ts";
import { parameterRange } from "./rules/parameter-range.ts";
import type { CollapseRule, RunnerRule } from "./rules/rule.ts";
import { runsTogether } from "./rules/runs-together.ts";
import { undeclaredParameter } from "./rules/undeclared-parameter.ts";

/** Applied in this order: what is ignored altogether comes before what another knob silences. */
export const collapseRules: readonly CollapseRule[] = [
  ignoredKnobs,
  undeclaredParameter,
  gnuBlocktime,
  intelWaitPolicy,
  intelGomp,
  arenaAllocator,
  arrivalSettingsRule,
];

/** What a host found by trying says more than what it offers. */
export const runnerRules: readonly RunnerRule[] = [
  runsTogether,
  offeredByRunner,
  parameterRange,
  arrivalOffered,
  knobAvailable,
];

interface BuiltInRule {
  readonly name: string;
  readonly summary: string;
  /** The axis that the rule is about, where it is always the same. */
  readonly axis?: string;
}

/** Every reason for which the planner takes a cell out, for people. */
export const builtInRules: readonly BuiltInRule[] = [
  {
    name: "runner-offered",
    summary: "the host does not offer the runner, or cannot run it now",
    axis: "runner",
  },
  ...runnerRules,
  ...collapseRules,
  {
    name: "placement-exists",
    summary: "the placement does not exist on the host",
    axis: "placement",
  },
  {
    name: "cores-within-host",
    summary: "more cores than the placement has on the host",
    axis: "cores",
  },
  {
    name: "threads-equal-cpu-set",
    summary: "`threads` is not the size of the CPU set",
    axis: "threads",
  },
  { name: "same-placement", summary: "another placement gives the same CPUs and memory" },
  {
    name: "instances-divide-batch",
    summary: "with `split_batch`, the instances do not divide the batch",
    axis: "instances",
  },
  { name: "when, exclude", summary: "an expression of the file" },
  { name: "repeated", summary: "the same cell is written twice" },
];

/** The axis or key of a sweep file that a rule is about; null where that depends on the cell. */
export function axisOfRule(rule: string): string | null {
  if (rule === "when" || rule === "exclude") return rule;
  return builtInRules.find(({ name }) => name === rule)?.axis ?? null;
}
