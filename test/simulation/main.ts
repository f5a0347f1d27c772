import { parseArgs } from "node:util";
import { faults } from "./faults.ts";
import { runSeed } from "./world.ts";

/** `npm run sim -- --seeds N [--from S]`, or `--seed S` for one with its trace. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: "string" },
      seeds: { type: "string", default: "1000" },
      from: { type: "string", default: "1" },
      without: { type: "string", multiple: true, default: [] },
      keep: { type: "boolean", default: false },
    },
  });
  const unknown = values.without.find((name) => !faults.some((fault) => fault.name === name));
  if (unknown !== undefined) {
    console.error(`no fault "${unknown}"; there are ${faults.map(({ name }) => name).join(", ")}`);
    return 2;
  }
  if (values.seed !== undefined) return await showSeed(Number(values.seed), values.without);
  const from = Number(values.from);
  return await runMany(from, from + Number(values.seeds), values);
}

/** How often a long run says that it is there. */
const progressSeeds = 500;

async function showSeed(seed: number, without: readonly string[]): Promise<number> {
  const report = await runSeed(seed, { traced: true, without });
  console.log(report.trace.join("\n"));
  const { faults: struck, actions, simulatedMs, hash } = report;
  console.log(`faults: ${struck.join(", ") || "none"}`);
  console.log(`${actions} actions in ${Math.round(simulatedMs / 1_000)} s, trace ${hash}`);
  for (const violation of report.violations) console.log(`VIOLATED ${violation}`);
  return report.violations.length > 0 ? 1 : 0;
}

async function runMany(
  from: number,
  to: number,
  { without, keep }: { without: readonly string[]; keep: boolean },
): Promise<number> {
  const sums = { actions: 0, entries: 0, launches: 0, rollbacks: 0, simulatedMs: 0 };
  let failures = 0;
  const start = performance.now();
  for (let seed = from; seed < to; seed += 1) {
    const report = await runSeed(seed, { without });
    for (const key of Object.keys(sums) as (keyof typeof sums)[]) sums[key] += report[key];
    const done = seed - from + 1;
    if (done % progressSeeds === 0) process.stderr.write(`${done} seeds, ${failures} failed\n`);
    if (report.violations.length === 0) continue;
    failures += 1;
    console.log(`seed ${seed}: ${report.violations[0]}; see it with npm run sim -- --seed ${seed}`);
    if (!keep) break;
  }
  const seconds = (performance.now() - start) / 1_000;
  console.log(
    `${to - from} seeds from ${from}, ${failures} failed, in ${seconds.toFixed(1)} s: ${sums.launches} launches, ${sums.entries} entries, ${sums.rollbacks} rollbacks of the log, ${sums.actions} actions in ${Math.round(sums.simulatedMs / 3_600_000)} simulated hours`,
  );
  return failures > 0 ? 1 : 0;
}

process.exitCode = await main();
