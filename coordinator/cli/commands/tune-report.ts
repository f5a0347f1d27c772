import type { CliCommand } from "../../../shared/cli/command.ts";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import { renderTuneText } from "../../report/tune-text.ts";
import { withOperator, withPlaceOptions } from "../operator-client.ts";
import type { PlaceOptions } from "../state-place.ts";
import { fetchTuneReport } from "../tune-client.ts";

export const tuneReport: CliCommand = {
  name: "tune-report",
  summary: "show what a tune found so far: its winner, its history, which knobs matter",
  examples: ["fleetsweep tune-report 01JD…", "fleetsweep tune-report 01JD… -o json > tune.json"],

  declare(command, io) {
    withPlaceOptions(command)
      .argument("<tune>", "the tune's id")
      .option("-o, --output <format>", "text or json", "text")
      .action(async (sweepId: string, options: PlaceOptions & { output: string }) => {
        if (options.output !== "text" && options.output !== "json") {
          const what = `no format of a tune's report is called "${options.output}": text, json`;
          throw new FleetsweepError("config.invalid", what);
        }
        const report = await withOperator(io, options, (operator) =>
          fetchTuneReport(operator, sweepId),
        );
        const json = options.output === "json";
        io.out(json ? `${JSON.stringify(report, null, 2)}\n` : renderTuneText(report, io.columns));
      });
  },
};
