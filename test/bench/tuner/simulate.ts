import { makeRandomSource } from "../../../coordinator/tuner/random.ts";
import type { Strategy } from "../../../coordinator/tuner/strategy.ts";
import { makeStudy, withObservation } from "../../../coordinator/tuner/study.ts";
import type { SyntheticTable } from "./generator.ts";
import { tableSpace, untunedConfiguration } from "./table-space.ts";

export interface SimulatedTune {
  /** True regret of the recommendation in percent, after each of the wanted numbers of trials. */
  readonly regrets: readonly number[];
  /** CPU time of each suggestion: wall time would measure what else the machine does. */
  readonly suggestionCpuMs: readonly number[];
}

/** Tunes one table; equal seeds give equal tunes. */
export function simulateTune(
  strategy: Strategy,
  table: SyntheticTable,
  options: { readonly seed: number; readonly checkpoints: readonly number[] },
): SimulatedTune {
  const space = tableSpace(
    table.rows.map((row) => ({ ...row })),
    table.shape.coresPerPackage,
  );
  const random = makeRandomSource(noiseSeed(options.seed));
  const optimum = Math.min(...table.trueMs);
  const rowOf = (configuration: number): number =>
    space.configurations[configuration]?.cells[0] ?? 0;
  let study = makeStudy(space, { seed: options.seed, start: untunedConfiguration(space) });
  const regrets: number[] = [];
  const suggestionCpuMs: number[] = [];
  for (let trial = 1; trial <= Math.max(...options.checkpoints); trial += 1) {
    const before = process.cpuUsage();
    const configuration = strategy.suggest(study);
    const { user, system } = process.cpuUsage(before);
    suggestionCpuMs.push((user + system) / 1000);
    if (configuration === null) throw new Error("a table has more configurations than trials");
    const value = table.observe(rowOf(configuration), random);
    study = withObservation(study, { configuration, value });
    if (!options.checkpoints.includes(trial)) continue;
    const recommended = strategy.recommend(study);
    if (recommended === null) throw new Error("nothing was recommended");
    regrets.push(100 * ((table.trueMs[rowOf(recommended)] ?? Number.NaN) / optimum - 1));
  }
  return { regrets, suggestionCpuMs };
}

/** The noise of a tune must not follow from the seed that the strategy sees. */
function noiseSeed(seed: number): number {
  return seed * 7919 + 104_729;
}
