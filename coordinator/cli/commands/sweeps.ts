import type { ListSweepsResponse__Output } from "../../../proto/gen/fleetsweep/v1/ListSweepsResponse.ts";
import { formatColumns } from "../../../shared/cli/columns.ts";
import type { CliCommand } from "../../../shared/cli/command.ts";
import { withOperator, withPlaceOptions } from "../operator-client.ts";
import type { PlaceOptions } from "../state-place.ts";

export const sweeps: CliCommand = {
  name: "sweeps",
  summary: "list the sweeps of the log, the newest last",
  examples: ["fleetsweep sweeps"],

  declare(command, io) {
    withPlaceOptions(command).action(async (options: PlaceOptions) => {
      const { sweeps: listed } = await withOperator(io, options, (operator) =>
        operator.ask<ListSweepsResponse__Output>((client, limits, answer) =>
          client.listSweeps({}, limits, answer),
        ),
      );
      const rows = listed.map((sweep) => [
        sweep.sweepId,
        sweep.name,
        sweep.state,
        `${sweep.cells?.ok ?? 0}/${sweep.cells?.total ?? 0}`,
        String(sweep.cells?.failed ?? 0),
        sweep.submittedAtMs > 0 ? new Date(sweep.submittedAtMs).toISOString().slice(0, 16) : "",
        sweep.hostIds.join(","),
      ]);
      const header = ["SWEEP", "NAME", "STATE", "OK", "FAILED", "SUBMITTED (UTC)", "HOSTS"];
      io.out(formatColumns([header, ...rows]));
    });
  },
};
