import type { CliCommand } from "../../../shared/cli/command.ts";
import { figureStyles, parseStyle } from "../../figures/figure-style.ts";
import { checkFormat, formatNames, renderReport } from "../../report/formats.ts";
import { readMargin, withMargin } from "../margin-option.ts";
import { withOperator, withPlaceOptions } from "../operator-client.ts";
import { fetchReport } from "../report-client.ts";
import type { PlaceOptions } from "../state-place.ts";
import { writeOutput } from "../write-output.ts";

const names = formatNames.join(", ");

interface ReportOptions extends PlaceOptions {
  readonly output: string;
  readonly out?: string;
  readonly style: string;
  readonly margin: string;
}

export const report: CliCommand = {
  name: "report",
  summary: "show what a sweep found",
  examples: [
    "fleetsweep report 01JD…",
    "fleetsweep report 01JD… -o html --out report.html",
    "fleetsweep report 01JD… -o csv > cells.csv",
  ],

  declare(command, io) {
    withMargin(withPlaceOptions(command))
      .argument("<sweep>", "the sweep's id")
      .option("-o, --output <format>", names, "table")
      .option("--out <file>", "where it goes; without it to standard output")
      .option(
        "--style <style>",
        `pictures of an HTML report: ${figureStyles.join(" or ")}`,
        "lines",
      )
      .action(async (sweepId: string, options: ReportOptions) => {
        const style = parseStyle(options.style);
        checkFormat(options.output);
        const margin = readMargin(options.margin);
        const found = await withOperator(io, options, (operator) =>
          fetchReport(operator, sweepId, margin),
        );
        const text = await renderReport(options.output, found, { width: io.columns, style });
        if (options.out === undefined) io.out(text);
        else await writeOutput(io, options.out, text);
      });
  },
};
