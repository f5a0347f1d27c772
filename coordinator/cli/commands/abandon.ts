import type { AbandonHostResponse__Output } from "../../../proto/gen/fleetsweep/v1/AbandonHostResponse.ts";
import type { CliCommand } from "../../../shared/cli/command.ts";
import { countOf } from "../../../shared/domain/text-layout.ts";
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
        io.talk(`${sayGivenUp({ cellCount, shardCount }, host)}\n`);
      });
  },
};

function sayGivenUp({ cellCount, shardCount }: AbandonHostResponse__Output, host: string): string {
  if (cellCount === 0) {
    const owes = "owes the sweep";
    const who = host === "" ? `no host that is away ${owes} anything` : `${host} ${owes} nothing`;
    return `nothing is given up: ${who}`;
  }
  const are = cellCount === 1 ? "is" : "are";
  return `${countOf(cellCount, "cell")} in ${countOf(shardCount, "shard")} ${are} failed as host-lost`;
}
