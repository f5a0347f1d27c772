import type { SubmitTuneResponse__Output } from "../../../proto/gen/fleetsweep/v1/SubmitTuneResponse.ts";
import type { CliCommand, Io } from "../../../shared/cli/command.ts";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import { countOf } from "../../../shared/domain/text-layout.ts";
import { makeUlid } from "../../../shared/runtime/random-id.ts";
import { renderTuneText } from "../../report/tune-text.ts";
import { followSweep } from "../follow.ts";
import { type Operator, withOperator, withPlaceOptions } from "../operator-client.ts";
import type { PlaceOptions } from "../state-place.ts";
import { readSweepFile } from "../sweep-source.ts";
import { fetchTuneReport, followConfirmation } from "../tune-client.ts";

interface TuneOptions extends PlaceOptions {
  readonly objective?: string;
  readonly trials?: string;
  readonly minutes?: string;
  readonly strategy?: string;
  readonly seed?: string;
  readonly hosts?: string;
  readonly warmStart?: string;
  readonly confirm: boolean;
  readonly stopEarly: boolean;
  readonly detach?: boolean;
}

export const tune: CliCommand = {
  name: "tune",
  summary: "search a sweep file's matrix for its best settings",
  examples: [
    "fleetsweep tune tune.yaml",
    "fleetsweep tune seed-tuning --trials 40 --objective latency",
    "fleetsweep tune tune.yaml --objective 'p99<=20ms'     # most samples/s within the limit",
    "fleetsweep tune tune.yaml --objective latency,energy  # the trade-off of two",
    "fleetsweep tune tune.yaml --warm-start 01JD…          # go on from a like host's tune",
  ],

  declare(command, io) {
    withPlaceOptions(command)
      .argument("<file>", "the sweep file, or the name of a preset")
      .option("--objective <goal>", "latency, throughput, energy, two of them, or p99<=20ms")
      .option("--trials <n>", "most configurations to measure")
      .option("--minutes <n>", "no trial begins later than this")
      .option("--strategy <name>", "gaussian-process, one-factor, random or brute-force")
      .option("--seed <n>", "of the first trials")
      .option("--hosts <n>", "most hosts that measure at the same time")
      .option("--warm-start <tune>", "id of an earlier tune to start from")
      .option("--no-confirm", "leave out the last comparison with the untuned settings")
      .option("--no-stop-early", "spend the whole budget")
      .option("-d, --detach", "return once the tune is in the log")
      .action(async (file: string, options: TuneOptions) => {
        const overrides = JSON.stringify(toOverrides(options));
        await withOperator(io, options, async (operator) => {
          const sweepId = await submit(operator, { file, overrides }, io);
          io.out(`${sweepId}\n`);
          if (options.detach !== true) await follow(operator, sweepId, io);
        });
      });
  },
};

async function submit(
  operator: Operator,
  { file, overrides }: { readonly file: string; readonly overrides: string },
  io: Io,
): Promise<string> {
  const { text, fileName } = await readSweepFile(file, io);
  const sweepId = makeUlid(Date.now());
  const { configurations, hostIds } = await operator.ask<SubmitTuneResponse__Output>(
    (client, limits, answer) =>
      client.submitTune(
        { sweepId, fileName, source: text, overridesJson: overrides },
        limits,
        answer,
      ),
  );
  io.talk(
    `tune ${sweepId}: ${countOf(configurations, "configuration")} on ${hostIds.join(", ")}\n`,
  );
  return sweepId;
}

async function follow(operator: Operator, sweepId: string, io: Io): Promise<void> {
  const outcome = await followSweep(operator, sweepId, io);
  if (outcome !== "cancelled") await followConfirmation(operator, sweepId, io);
  const report = await fetchTuneReport(operator, sweepId);
  io.talk(renderTuneText(report, io.columns));
  io.exitWith(outcome === "cancelled" || report.recommended === null ? 1 : 0);
}

/** The options in the structure of a file's `tune` key. @throws FleetsweepError config.invalid */
function toOverrides(options: TuneOptions): Readonly<Record<string, unknown>> {
  const given = {
    ...readObjective(options.objective),
    trials: readNumber("--trials", options.trials),
    minutes: readNumber("--minutes", options.minutes),
    strategy: options.strategy,
    seed: readNumber("--seed", options.seed),
    hosts: readNumber("--hosts", options.hosts),
    warm_start: options.warmStart,
    confirm_launches: options.confirm ? undefined : 0,
    stop_early: options.stopEarly ? undefined : false,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function readObjective(text: string | undefined): Readonly<Record<string, unknown>> {
  if (text === undefined) return {};
  const limit = /^p99\s*<=\s*(\d+(?:\.\d+)?)\s*ms$/.exec(text);
  if (limit !== null) return { objective: "throughput", p99_limit_ms: Number(limit[1]) };
  return { objective: text.split(",").map((name) => name.trim()) };
}

function readNumber(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return value;
  throw new FleetsweepError("config.invalid", `${option} takes a number, not "${text}"`);
}
