import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { strategies } from "../../../coordinator/tuner/strategies.ts";
import { errorCatalogue, FleetsweepError } from "../../../shared/domain/errors.ts";
import { parseReplayTable } from "./replay-table.ts";
import { type ReplayOptions, replayTune } from "./replay-tune.ts";

const usage =
  "usage: npm run -s tuner:replay -- TABLE.json [--seed N] [--trials N] [--strategy NAME]";

const largestTrials = 100_000;

try {
  const { path, ...options } = parseArguments(process.argv.slice(2));
  const table = parseReplayTable(await readTable(path));
  process.stdout.write(`${JSON.stringify(replayTune(table, options))}\n`);
} catch (error) {
  if (!(error instanceof FleetsweepError)) throw error;
  process.stderr.write(`tuner:replay: ${error.message}\n`);
  process.exitCode = errorCatalogue[error.code].exitCode;
}

function parseArguments(args: readonly string[]): ReplayOptions & { path: string } {
  const { positionals, values } = parse(args);
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) throw new FleetsweepError("config.invalid", usage);
  const strategy = strategies.find(({ name }) => name === values.strategy);
  if (strategy === undefined) {
    const known = strategies.map(({ name }) => name).join(", ");
    throw new FleetsweepError("config.invalid", `--strategy is one of ${known}`);
  }
  return {
    path,
    strategy,
    seed: integer("--seed", values.seed, 0, 2 ** 32 - 1),
    trials: integer("--trials", values.trials, 1, largestTrials),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        seed: { type: "string", default: "0" },
        trials: { type: "string", default: "40" },
        strategy: { type: "string", default: strategies[0]?.name ?? "" },
      },
    });
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : "";
    throw new FleetsweepError("config.invalid", `${detail}\n${usage}`, { cause });
  }
}

function integer(option: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new FleetsweepError(
    "config.invalid",
    `${option} is a whole number from ${least} to ${most}, not "${text}"`,
  );
}

async function readTable(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : "unreadable";
    throw new FleetsweepError("config.invalid", `cannot read the table: ${detail}`, { cause });
  }
}
