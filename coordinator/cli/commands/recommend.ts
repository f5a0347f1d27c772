import type { RecommendResponse__Output } from "../../../proto/gen/fleetsweep/v1/RecommendResponse.ts";
import type { SubmitSweepResponse__Output } from "../../../proto/gen/fleetsweep/v1/SubmitSweepResponse.ts";
import type { CliCommand, Io } from "../../../shared/cli/command.ts";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import { countOf } from "../../../shared/domain/text-layout.ts";
import { makeUlid } from "../../../shared/runtime/random-id.ts";
import type { Recommendations } from "../../analysis/recommendation.ts";
import { recommendationFormats } from "../../report/recommendation-text.ts";
import { collectDocument, pick } from "../document-client.ts";
import { followSweep } from "../follow.ts";
import { readMargin, withMargin } from "../margin-option.ts";
import { type Operator, withOperator, withPlaceOptions } from "../operator-client.ts";
import type { PlaceOptions } from "../state-place.ts";
import { writeOutput } from "../write-output.ts";

interface RecommendOptions extends PlaceOptions {
  readonly objective: string;
  readonly sweepFile?: string;
  readonly confirm?: boolean;
  readonly margin: string;
  readonly output: string;
}

export const recommendCommand: CliCommand = {
  name: "recommend",
  summary:
    "say what to run for a goal, by how much that beats out of the box, and the command line",
  examples: [
    "fleetsweep recommend 01JD… --objective latency",
    'fleetsweep recommend 01JD… --objective "p99<=20ms"',
    "fleetsweep recommend 01JD… --objective throughput --confirm   # measures both again",
  ],

  declare(command, io) {
    withMargin(withPlaceOptions(command))
      .argument("<sweep>", "the sweep's id")
      .option("--objective <goal>", "latency, throughput, cost, or a bound: p99<=20ms", "latency")
      .option("--sweep-file <file>", "write a sweep that measures winners and baselines again")
      .option("--confirm", "run that sweep, and say what it found")
      .option("-o, --output <format>", "table or json", "table")
      .action(async (sweepId: string, options: RecommendOptions) => {
        const render = pick(recommendationFormats, options.output, "format of recommendations");
        await withOperator(io, options, async (operator) => {
          const found = await fetch(operator, sweepId, options);
          if (options.sweepFile !== undefined) await save(io, options.sweepFile, found);
          if (options.confirm !== true) {
            io.out(render(found, io.columns));
            return;
          }
          const confirmed = await confirm(operator, found, io);
          io.out(render(await fetch(operator, confirmed, options), io.columns));
        });
      });
  },
};

async function fetch(
  operator: Operator,
  sweepId: string,
  { objective, margin: percent }: Pick<RecommendOptions, "objective" | "margin">,
): Promise<Recommendations> {
  const margin = readMargin(percent);
  return await collectDocument<Recommendations>(
    operator.stream<RecommendResponse__Output>((client) =>
      client.recommend({ sweepId, objective, margin }),
    ),
  );
}

async function save(io: Io, file: string, { confirmation }: Recommendations): Promise<void> {
  requirePairs(confirmation);
  await writeOutput(io, file, confirmation);
  io.talk(`it measures winners and baselines again: fleetsweep run ${file}\n`);
}

/** Measures winners against baselines once more and returns the new sweep's id. */
async function confirm(
  operator: Operator,
  { confirmation }: Recommendations,
  io: Io,
): Promise<string> {
  requirePairs(confirmation);
  const sweepId = makeUlid(Date.now());
  const { cellCount } = await operator.ask<SubmitSweepResponse__Output>((client, limits, answer) =>
    client.submitSweep(
      { sweepId, fileName: "confirmation.yaml", source: confirmation },
      limits,
      answer,
    ),
  );
  io.talk(`sweep ${sweepId}: ${countOf(cellCount, "cell")}, head to head\n`);
  const outcome = await followSweep(operator, sweepId, io);
  if (outcome !== "done") io.exitWith(1);
  return sweepId;
}

function requirePairs(confirmation: string): void {
  if (confirmation !== "") return;
  const what = "no winner differs from a baseline that was measured";
  throw new FleetsweepError("config.invalid", `nothing can be confirmed: ${what}`);
}
