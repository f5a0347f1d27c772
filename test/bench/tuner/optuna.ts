import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { type BenchTune, benchTable } from "./bench-tables.ts";

/** The versions that the figures in the report are of. */
const requirements = ["optuna==5.0.0", "scipy==1.17.1"];

/** Optuna's GP sampler computes with torch. */
const gpRequirements = ["torch==2.15.0"];

const script = fileURLToPath(new URL("optuna_tune.py", import.meta.url));

/**
 * A Python with Optuna in a scratch environment, made once; null, with the reason on stderr, where
 * Python or the packages cannot be had.
 */
export function optunaPython(options: { gp: boolean; venv: string | undefined }): string | null {
  const folder = options.venv ?? join(tmpdir(), "fleetsweep-bench-tuner");
  const python = join(folder, "bin", "python");
  if (!existsSync(python)) run("python3", ["-m", "venv", folder]);
  const wanted = options.gp ? [...requirements, ...gpRequirements] : requirements;
  const installed = existsSync(python) && run(python, ["-m", "pip", "install", "-q", ...wanted]);
  if (installed) return python;
  process.stderr.write("bench:tuner: Optuna is left out: python3, venv or pip is absent\n");
  return null;
}

/** Regrets after each checkpoint, one entry a tune. */
export async function runOptuna(
  python: string,
  sampler: "tpe" | "gp",
  tunes: readonly BenchTune[],
): Promise<number[][]> {
  const checkpoints = [20, 40];
  const request = { sampler, trials: 40, checkpoints, tunes: tunes.map(specification) };
  const child = spawn("nice", [python, script], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, OMP_NUM_THREADS: "1" },
  });
  child.stdin.end(JSON.stringify(request));
  const lines = (await text(child.stdout)).trim().split("\n");
  if (lines.length !== tunes.length) throw new Error("optuna_tune.py ended early");
  return lines.map((line) => JSON.parse(line) as number[]);
}

function specification(tune: BenchTune) {
  const { shape, rows, trueMs } = benchTable(tune);
  return {
    seed: tune.seed,
    noise: shape.noise,
    outlier_probability: shape.outlierProbability,
    rows: rows.map((row, k) => [
      row.cores,
      row.allocator,
      row.openmp,
      row.thp,
      row.kmp_blocktime,
      trueMs[k],
    ]),
  };
}

function run(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: ["ignore", "ignore", "inherit"] }).status === 0;
}
