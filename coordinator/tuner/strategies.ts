import { bruteForce } from "./brute-force.ts";
import { gaussianProcess } from "./gaussian-process.ts";
import { oneFactorAtATime } from "./one-factor.ts";
import { randomSearch } from "./random-search.ts";
import type { Strategy } from "./strategy.ts";
import type { Study } from "./study.ts";

/** Every strategy, the default first. */
export const strategies: readonly Strategy[] = [
  gaussianProcess,
  oneFactorAtATime,
  randomSearch,
  bruteForce,
];

/** Up to `count` configurations to measure at the same time, each chosen as if the others were running. */
export function suggestBatch(strategy: Strategy, study: Study, count: number): number[] {
  const batch: number[] = [];
  while (batch.length < count) {
    const next = strategy.suggest({ ...study, pending: [...study.pending, ...batch] });
    if (next === null) break;
    batch.push(next);
  }
  return batch;
}
