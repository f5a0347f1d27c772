import type { GetHistoryResponse__Output } from "../../../proto/gen/fleetsweep/v1/GetHistoryResponse.ts";
import type { CliCommand } from "../../../shared/cli/command.ts";
import type { History } from "../../analysis/history.ts";
import { historyFormats } from "../../report/history-text.ts";
import { pick } from "../document-client.ts";
import { withOperator, withPlaceOptions } from "../operator-client.ts";
import type { PlaceOptions } from "../state-place.ts";

export const history: CliCommand = {
  name: "history",
  summary: "show the cells of a sweep over all sweeps, and where their level changed",
  examples: ["fleetsweep history 01JD…,host=h1,cores=8", "fleetsweep history 01JD… -o json"],

  declare(command, io) {
    withPlaceOptions(command)
      .argument("<cells>", "a sweep's id, with filters behind it: 01JD…,host=h1,cores=8")
      .option("-o, --output <format>", "table or json", "table")
      .action(async (cells: string, options: PlaceOptions & { output: string }) => {
        const render = pick(historyFormats, options.output, "format of a history");
        const histories: History[] = [];
        await withOperator(io, options, async (operator) => {
          const answers = operator.stream<GetHistoryResponse__Output>((client) =>
            client.getHistory({ cells }),
          );
          for await (const { historyJson } of answers) {
            histories.push(JSON.parse(historyJson) as History);
          }
        });
        io.out(render(histories, io.columns));
      });
  },
};
