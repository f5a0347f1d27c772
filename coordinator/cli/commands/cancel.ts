import type { CliCommand } from "../../../shared/cli/command.ts";
import { withOperator, withPlaceOptions } from "../operator-client.ts";
import type { PlaceOptions } from "../state-place.ts";

export const cancel: CliCommand = {
  name: "cancel",
  summary: "end a sweep; what it has measured stays",
  examples: ["fleetsweep cancel 01JD…", 'fleetsweep cancel 01JD… --reason "wrong governor"'],

  declare(command, io) {
    withPlaceOptions(command)
      .argument("<sweep>", "the sweep's id")
      .option("--reason <text>", "why, for the log", "by the operator")
      .action(async (sweepId: string, options: PlaceOptions & { reason: string }) => {
        const { reason } = options;
        await withOperator(io, options, (operator) =>
          operator.ask((client, limits, answer) =>
            client.cancelSweep({ sweepId, reason }, limits, answer),
          ),
        );
        io.talk(`sweep ${sweepId} is cancelled\n`);
      });
  },
};
