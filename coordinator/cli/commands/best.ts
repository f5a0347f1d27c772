import type { ListBestResponse__Output } from "../../../proto/gen/fleetsweep/v1/ListBestResponse.ts";
import type { CliCommand } from "../../../shared/cli/command.ts";
import { findAxis } from "../../../shared/domain/axis.ts";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import { countOf } from "../../../shared/domain/text-layout.ts";
import { type Objective, objectives } from "../../../shared/domain/tune.ts";
import type { BestSettings } from "../../logic/tune/best-settings.ts";
import { units } from "../../logic/tune/tune-report.ts";
import { significant } from "../../report/numbers.ts";
import { wrapText } from "../../report/text-table.ts";
import { describe } from "../../report/tune-text.ts";
import { withOperator, withPlaceOptions } from "../operator-client.ts";
import type { PlaceOptions } from "../state-place.ts";

interface BestOptions extends PlaceOptions {
  readonly objective: string;
  readonly output: string;
}

export const best: CliCommand = {
  name: "best",
  summary: "the best settings that were measured for a workload, for each class of hosts",
  examples: [
    "fleetsweep best model=bert-base batch_size=1 sequence_length=128",
    "fleetsweep best model=bert-base batch_size=8 --objective throughput -o json",
  ],

  declare(command, io) {
    withPlaceOptions(command)
      .argument("<axis=value...>", "what the workload is")
      .option("--objective <goal>", "latency, throughput or energy", "latency")
      .option("-o, --output <format>", "text or json", "text")
      .action(async (pairs: string[], options: BestOptions) => {
        const workload = Object.fromEntries(pairs.map(readPair));
        const objective = readObjective(options.objective);
        const { bestJson } = await withOperator(io, options, (operator) =>
          operator.ask<ListBestResponse__Output>((client, limits, answer) =>
            client.listBest({ workload, objective }, limits, answer),
          ),
        );
        const found = JSON.parse(bestJson) as readonly BestSettings[];
        if (options.output === "json") io.out(`${JSON.stringify(found, null, 2)}\n`);
        else io.out(found.map((some) => renderBest(some, objective, io.columns)).join("\n"));
        if (found.length > 0) return;
        io.talk(`no sweep or tune measured ${pairs.join(" ")}\n`);
        io.exitWith(1);
      });
  },
};

function readPair(text: string): readonly [string, string] {
  const [name = "", value] = text.split("=", 2);
  if (findAxis(name) === undefined || value === undefined || value === "") {
    throw new FleetsweepError(
      "config.invalid",
      `"${text}" is no axis with its value, such as batch_size=1`,
    );
  }
  return [name, value];
}

function readObjective(name: string): Objective {
  const found = objectives.find((objective) => objective === name);
  if (found !== undefined) return found;
  throw new FleetsweepError(
    "config.invalid",
    `no objective is called "${name}": ${objectives.join(", ")}`,
  );
}

function renderBest(found: BestSettings, objective: Objective, width: number): string {
  const value = found.values[0] ?? null;
  const figure = value === null ? "–" : `${significant(value, 4)} ${units[objective]}`;
  const lines = [
    ...wrapText(
      `${found.hostClass}: ${figure}, ${countOf(found.launches, "launch")} on ${found.hostId} in ${found.sweepId}`,
      width,
    ),
    ...wrapText(`  ${describe(found.cell, Object.keys(found.cell))}`, width),
    ...found.settings.map((line) => `    ${line}`),
  ];
  return `${lines.join("\n")}\n`;
}
