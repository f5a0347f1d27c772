import { arenaAllocator } from "./rules/arena-allocator.ts";
import { glibcTunables } from "./rules/glibc-tunables.ts";
import { gnuBlocktime } from "./rules/gnu-blocktime.ts";
import { ignoredKnobs } from "./rules/ignored-knobs.ts";
import { intelWaitPolicy } from "./rules/intel-wait-policy.ts";
import { offeredByRunner } from "./rules/offered-by-runner.ts";
import { parameterRange } from "./rules/parameter-range.ts";
import type { CollapseRule, RunnerRule } from "./rules/rule.ts";
import { undeclaredParameter } from "./rules/undeclared-parameter.ts";

/** Applied in this order: what is ignored altogether comes before what another knob silences. */
export const collapseRules: readonly CollapseRule[] = [
  ignoredKnobs,
  undeclaredParameter,
  gnuBlocktime,
  intelWaitPolicy,
  arenaAllocator,
  glibcTunables,
];

export const runnerRules: readonly RunnerRule[] = [offeredByRunner, parameterRange];
