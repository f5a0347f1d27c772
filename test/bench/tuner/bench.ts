import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { strategies } from "../../../coordinator/tuner/strategies.ts";
import { runTunes } from "./bench-pool.ts";
import { type MethodRegrets, quantile, reportTable } from "./bench-report.ts";
import { type BenchTune, benchTunes } from "./bench-tables.ts";
import { optunaPython, runOptuna } from "./optuna.ts";

const { values: options } = parseArgs({
  options: {
    seeds: { type: "string", default: "50" },
    tables: { type: "string", default: "60" },
    "table-seeds": { type: "string", default: "4" },
    outside: { type: "string", default: "60" },
    methods: { type: "string", default: "gaussian-process,one-factor,random,optuna-tpe,optuna-gp" },
    venv: { type: "string" },
  },
});

/** Every method on the same tables, with true regrets in percent: median / mean / p95 / max. */
const tunes = benchTunes({
  shapeSeeds: Number(options.seeds),
  randomTables: Number(options.tables),
  randomSeeds: Number(options["table-seeds"]),
  outsideTables: Number(options.outside),
});
const results: MethodRegrets[] = [];
for (const method of options.methods.split(",")) {
  const regrets = await runMethod(method);
  if (regrets === null) continue;
  results.push(...groupsOf(tunes, regrets, method));
  process.stderr.write(`bench:tuner: ${method} done\n`);
}
results.sort((a, b) => (a.group < b.group ? -1 : Number(a.group > b.group)));
process.stdout.write(`${reportTable(results)}\n`);

async function runMethod(method: string): Promise<readonly (readonly number[])[] | null> {
  if (method === "optuna-tpe" || method === "optuna-gp") {
    const python = optunaPython({ gp: method === "optuna-gp", venv: options.venv });
    if (python === null) return null;
    return runOptuna(python, method === "optuna-gp" ? "gp" : "tpe", tunes);
  }
  const known = strategies.map(({ name }) => name);
  if (!known.includes(method)) throw new Error(`--methods are of ${known.join(", ")}, optuna-…`);
  const simulated = await runTunes(method, tunes, availableParallelism());
  const times = simulated.flatMap((tune) => tune.suggestionCpuMs).sort((a, b) => a - b);
  const figures = [0.5, 0.95, 1].map((share) => quantile(times, share).toFixed(1)).join(" / ");
  process.stderr.write(
    `bench:tuner: ${method}: ${figures} ms of CPU a suggestion (p50 / p95 / max)\n`,
  );
  return simulated.map(({ regrets }) => regrets);
}

function groupsOf(
  all: readonly BenchTune[],
  regrets: readonly (readonly number[])[],
  method: string,
): MethodRegrets[] {
  return [...new Set(all.map(({ group }) => group))].map((group) => ({
    method,
    group,
    regrets: regrets.filter((_, place) => all[place]?.group === group),
  }));
}
