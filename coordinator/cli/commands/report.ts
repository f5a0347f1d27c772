import type { CliCommand } from "../../../shared/cli/command.ts";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import { type RenderReport, reportFormats } from "../../report/formats.ts";
import { withOperator, withPlaceOptions } from "../operator-client.ts";
import { fetchReport } from "../report-client.ts";
import type { PlaceOptions } from "../state-place.ts";

const names = Object.keys(reportFormats).join(", ");

export const report: CliCommand = {
  name: "report",
  summary: "show what a sweep found",
  examples: ["fleetsweep report 01JD…", "fleetsweep report 01JD… -o csv > cells.csv"],

  declare(command, io) {
    withPlaceOptions(command)
      .argument("<sweep>", "the sweep's id")
      .option("-o, --output <format>", names, "table")
      .action(async (sweepId: string, options: PlaceOptions & { output: string }) => {
        const render = findFormat(options.output);
        const found = await withOperator(io, options, (operator) => fetchReport(operator, sweepId));
        io.out(render(found, io.columns));
      });
  },
};

function findFormat(name: string): RenderReport {
  const render = Object.entries(reportFormats).find(([format]) => format === name)?.[1];
  if (render !== undefined) return render;
  throw new FleetsweepError("config.invalid", `no report format is called "${name}": ${names}`);
}
