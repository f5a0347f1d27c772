import { strategies } from "../../../coordinator/tuner/strategies.ts";
import { type BenchTune, benchTable } from "./bench-tables.ts";
import { simulateTune } from "./simulate.ts";

/** Trials after which the recommendation is judged. */
const checkpoints = [20, 40];

export interface BenchRequest {
  readonly strategy: string;
  readonly tune: BenchTune;
}

/** A child process of the benchmark: tunes one table a message. */
process.on("message", ({ strategy: name, tune }: BenchRequest) => {
  const strategy = strategies.find((candidate) => candidate.name === name);
  if (strategy === undefined) throw new Error(`no strategy ${name}`);
  process.send?.(simulateTune(strategy, benchTable(tune), { seed: tune.seed, checkpoints }));
});
