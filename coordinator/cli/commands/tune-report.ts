import type { CliCommand } from "../../../shared/cli/command.ts";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import type { TuneReport } from "../../logic/tune/tune-report.ts";
import { renderTuneHtml } from "../../report/html/render-tune-html.ts";
import { renderTuneText } from "../../report/tune-text.ts";
import { withOperator, withPlaceOptions } from "../operator-client.ts";
import type { PlaceOptions } from "../state-place.ts";
import { fetchTuneReport } from "../tune-client.ts";
import { writeOutput } from "../write-output.ts";

export const tuneReport: CliCommand = {
  name: "tune-report",
  summary: "show what a tune found so far: its winner, its history, which knobs matter",
  examples: [
    "fleetsweep tune-report 01JD…",
    "fleetsweep tune-report 01JD… -o html --out tune.html",
  ],

  declare(command, io) {
    withPlaceOptions(command)
      .argument("<tune>", "the tune's id")
      .option("-o, --output <format>", names, "text")
      .option("--out <file>", "write it to this file")
      .action(async (sweepId: string, options: ReportOptions) => {
        const render = findFormat(options.output);
        const report = await withOperator(io, options, (operator) =>
          fetchTuneReport(operator, sweepId),
        );
        const text = render(report, io.columns);
        if (options.out === undefined) io.out(text);
        else await writeOutput(io, options.out, text);
      });
  },
};

interface ReportOptions extends PlaceOptions {
  readonly output: string;
  readonly out?: string;
}

type RenderTune = (report: TuneReport, width: number) => string;

const formats: Readonly<Record<string, RenderTune>> = {
  text: renderTuneText,
  html: renderTuneHtml,
  json: (report) => `${JSON.stringify(report, null, 2)}\n`,
};
const names = Object.keys(formats).join(", ");

function findFormat(name: string): RenderTune {
  const found = Object.entries(formats).find(([format]) => format === name)?.[1];
  if (found !== undefined) return found;
  const what = `no format of a tune's report is called "${name}": ${names}`;
  throw new FleetsweepError("config.invalid", what);
}
