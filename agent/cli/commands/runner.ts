import { formatColumns } from "../../../shared/cli/columns.ts";
import type { CliCommand, Io } from "../../../shared/cli/command.ts";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import { readAgentFile, thisHost, toRunnersConfig } from "../../config.ts";
import { checkRunner, type RuleResult } from "../../runner/conformance/check-runner.ts";
import type { CheckRequest } from "../../runner/conformance/session.ts";
import { readCatalogue } from "../../runners/catalogue.ts";
import type { CatalogueEntry } from "../../runners/catalogue-entry.ts";

interface CheckOptions {
  readonly config?: string;
  readonly model?: string;
  readonly mode?: string;
  readonly dtype?: string;
  readonly sequenceLength: string;
  readonly timeout: string;
  readonly json?: true;
}

/** Something breaks the contract. */
const violationExitCode = 1;

export const runner: CliCommand = {
  name: "runner",
  summary: "list this host's runners, and check that one keeps the runner contract",
  examples: [
    "fleetsweep runner check mine --config agent.yaml",
    "fleetsweep runner check onnxruntime",
    "fleetsweep runner list --config agent.yaml",
  ],
  declare(command, io) {
    command
      .command("list")
      .description("what the agent would offer with this file, and what is missing")
      .option("--config <file>", "the agent's file, which declares commands and models")
      .action((options: { config?: string }) => list(options, io));
    command
      .command("check <name>")
      .description("run the contract against a runner and name each violation; exit code 1 for any")
      .option("--config <file>", "the agent's file, which declares commands and models")
      .option("--model <name>", "one of the runner's models; the first unless given")
      .option("--mode <name>", "one of its modes; the first unless given")
      .option("--dtype <name>", "one of its number formats; the first unless given")
      .option("--sequence-length <n>", "tokens of a call; 0 for a model without a sequence", "16")
      .option("--timeout <seconds>", "how long it may be silent", "60")
      .option("--json", "print the rules and their violations as JSON")
      .action((name: string, options: CheckOptions) => check(name, options, io));
  },
};

async function readRunners(config: string | undefined): Promise<readonly CatalogueEntry[]> {
  return await readCatalogue(toRunnersConfig(await readAgentFile(config)));
}

async function list({ config }: { config?: string }, io: Io): Promise<void> {
  const rows = [["RUNNER", "VERSION", "MODES", "DTYPES", "MODELS"]];
  const missing: string[] = [];
  for (const { declaration } of await readRunners(config)) {
    const { name, version, unavailable, modes, dtypes, models } = declaration;
    if (unavailable !== null) missing.push(`${name}: ${unavailable}\n`);
    else rows.push([name, version, modes.join(","), dtypes.join(","), models.join(",")]);
  }
  io.out(formatColumns(rows));
  for (const line of missing) io.talk(line);
}

async function check(name: string, options: CheckOptions, io: Io): Promise<void> {
  const request = await toRequest(name, options);
  const { mode, dtype, model } = request;
  if (options.json !== true) io.talk(`${name}: ${model}, mode ${mode}, ${dtype}\n`);
  const results = await checkRunner(
    request,
    { system: thisHost(), signal: io.signal },
    (result) => {
      if (options.json !== true) io.out(renderResult(result));
    },
  );
  const broken = results.filter(({ violations }) => violations.length > 0).length;
  if (options.json === true) {
    io.out(`${JSON.stringify({ runner: name, model, mode, dtype, broken, results }, null, 2)}\n`);
  } else {
    const kept = `${results.length - broken} of ${results.length} rules kept`;
    io.talk(`${kept}${broken === 0 ? "" : "; agent/runners/CONTRACT.md says what each asks"}\n`);
  }
  if (broken > 0) io.exitWith(violationExitCode);
}

function renderResult({ rule, asks, violations }: RuleResult): string {
  if (violations.length === 0) return `ok      ${rule}: ${asks}\n`;
  return [
    `broken  ${rule}: ${asks}`,
    ...violations.map((violation) => `        ${violation}`),
    "",
  ].join("\n");
}

async function toRequest(name: string, options: CheckOptions): Promise<CheckRequest> {
  const entries = await readRunners(options.config);
  const entry = entries.find(({ declaration }) => declaration.name === name);
  if (entry === undefined) {
    const names = entries.map(({ declaration }) => declaration.name).join(", ");
    throw new FleetsweepError("runner.missing", `this host has no runner ${name}: it has ${names}`);
  }
  const { declaration } = entry;
  if (declaration.unavailable !== null) {
    throw new FleetsweepError("runner.missing", `runner ${name}: ${declaration.unavailable}`);
  }
  const sequenceLength = toCount("--sequence-length", options.sequenceLength);
  return {
    entry,
    model: oneOf("model", options.model, declaration.models),
    mode: oneOf("mode", options.mode, declaration.modes),
    dtype: oneOf("dtype", options.dtype, declaration.dtypes),
    sequenceLength: sequenceLength === 0 ? null : sequenceLength,
    timeoutMs: Math.max(1, toCount("--timeout", options.timeout)) * 1_000,
  };
}

function oneOf(what: string, chosen: string | undefined, offered: readonly string[]): string {
  const value = chosen ?? offered[0] ?? "";
  if (offered.includes(value)) return value;
  throw new FleetsweepError(
    "config.invalid",
    `no ${what} ${value}: there are ${offered.join(", ")}`,
  );
}

function toCount(option: string, text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 0 && count <= 86_400) return count;
  throw new FleetsweepError("config.invalid", `${option} must be a whole number, not ${text}`);
}
