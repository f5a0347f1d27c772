import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { faults } from "./faults.ts";
import { addTo, type Piece, type PieceReport, runMany, zeroSums } from "./run-many.ts";
import { runSeed } from "./world.ts";

/** `npm run sim -- --seeds N [--from S] [--parallel N] [--keep]`, or `--seed S` for one with its trace. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: "string" },
      seeds: { type: "string", default: "1000" },
      from: { type: "string", default: "1" },
      without: { type: "string", multiple: true, default: [] },
      keep: { type: "boolean", default: false },
      parallel: { type: "string", default: `${availableParallelism()}` },
    },
  });
  const unknown = values.without.find((name) => !faults.some((fault) => fault.name === name));
  if (unknown !== undefined) {
    console.error(`no fault "${unknown}"; there are ${faults.map(({ name }) => name).join(", ")}`);
    return 2;
  }
  if (values.seed !== undefined) return await showSeed(Number(values.seed), values.without);
  const { without, keep } = values;
  const range = { from: Number(values.from), seeds: Number(values.seeds) };
  return await showMany({ ...range, without, keep }, Number(values.parallel));
}

async function showSeed(seed: number, without: readonly string[]): Promise<number> {
  const report = await runSeed(seed, { traced: true, without });
  console.log(report.trace.join("\n"));
  const { faults: struck, actions, simulatedMs, hash } = report;
  console.log(`faults: ${struck.join(", ") || "none"}`);
  console.log(`${actions} actions in ${Math.round(simulatedMs / 1_000)} s, trace ${hash}`);
  for (const violation of report.violations) console.log(`VIOLATED ${violation}`);
  return report.violations.length > 0 ? 1 : 0;
}

async function showMany(options: Piece, parallel: number): Promise<number> {
  const { from, seeds } = options;
  const sums = zeroSums();
  let failed = 0;
  let done = 0;
  const start = performance.now();
  const onPiece = (piece: Piece, report: PieceReport): void => {
    addTo(sums, report.sums);
    for (const { seed, violation } of report.failures) {
      console.log(`seed ${seed}: ${violation}; see it with npm run sim -- --seed ${seed}`);
    }
    failed += report.failures.length;
    done += piece.seeds;
    process.stderr.write(`${done} seeds, ${failed} failed\n`);
  };
  await runMany({ ...options, parallel, onPiece });
  const seconds = (performance.now() - start) / 1_000;
  console.log(
    `${done} of ${seeds} seeds from ${from}, ${failed} failed, in ${seconds.toFixed(1)} s with ${parallel} at a time: ${sums.launches} launches, ${sums.entries} entries, ${sums.rollbacks} rollbacks of the log, ${sums.actions} actions in ${Math.round(sums.simulatedMs / 3_600_000)} simulated hours`,
  );
  return failed > 0 ? 1 : 0;
}

process.exitCode = await main();
