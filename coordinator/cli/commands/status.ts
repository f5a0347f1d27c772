import type { CliCommand } from "../../../shared/cli/command.ts";
import { withOperator, withPlaceOptions } from "../operator-client.ts";
import { renderProgress } from "../progress.ts";
import type { PlaceOptions } from "../state-place.ts";
import { wantsJson } from "../table-or-json.ts";

export const status: CliCommand = {
  name: "status",
  summary: "show how far a sweep is, host by host",
  examples: ["fleetsweep status 01JD…", "fleetsweep status 01JD… -o json"],

  declare(command, io) {
    withPlaceOptions(command)
      .argument("<sweep>", "the sweep's id")
      .option("-o, --output <format>", "table or json", "table")
      .action(async (sweepId: string, options: PlaceOptions & { output: string }) => {
        const json = wantsJson(options.output);
        const response = await withOperator(io, options, async (operator) => {
          const stream = operator.stream((client) => client.watchSweep({ sweepId }));
          for await (const first of stream) return first;
          return undefined;
        });
        if (response === undefined) return;
        if (json) {
          io.out(`${JSON.stringify(response, null, 2)}\n`);
          return;
        }
        const elapsedMs = Date.now() - (response.summary?.submittedAtMs ?? Date.now());
        io.out(`${renderProgress(response, elapsedMs, io.columns).join("\n")}\n`);
      });
  },
};
