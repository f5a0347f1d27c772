import type { AbandonHostResponse__Output } from "../../../proto/gen/fleetsweep/v1/AbandonHostResponse.ts";
import type { CliCommand } from "../../../shared/cli/command.ts";
import { withOperator, withPlaceOptions } from "../operator-client.ts";
import type { PlaceOptions } from "../state-place.ts";

interface AbandonOptions extends PlaceOptions {
  readonly host?: string;
  readonly reason: string;
}

export const abandon: CliCommand = {
  name: "abandon",
  summary: "give up what hosts that are away still owe a sweep, so that it ends",
  examples: [
    "fleetsweep abandon 01JD…              # every host that is away",
    "fleetsweep abandon 01JD… --host HOST  # this one, also when it is there",
  ],

  declare(command, io) {
    withPlaceOptions(command)
      .argument("<sweep>", "the sweep's id")
      .option("--host <host>", "only what this host owes")
      .option("--reason <text>", "why; it becomes the evidence", "given up by the operator")
      .action(async (sweepId: string, { host = "", reason, ...place }: AbandonOptions) => {
        const request = { sweepId, hostId: host, reason };
        const { shardCount, cellCount } = await withOperator(io, place, (operator) =>
          operator.ask<AbandonHostResponse__Output>((client, limits, answer) =>
            client.abandonHost(request, limits, answer),
          ),
        );
        io.talk(`${cellCount} cells in ${shardCount} shards are failed as host-lost\n`);
      });
  },
};
