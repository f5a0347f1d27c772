import type { SubmitSweepResponse__Output } from "../../../proto/gen/fleetsweep/v1/SubmitSweepResponse.ts";
import type { CliCommand, Io } from "../../../shared/cli/command.ts";
import { countOf } from "../../../shared/domain/text-layout.ts";
import { makeUlid } from "../../../shared/runtime/random-id.ts";
import { type FollowOutcome, followSweep } from "../follow.ts";
import { type Operator, withOperator, withPlaceOptions } from "../operator-client.ts";
import type { PlaceOptions } from "../state-place.ts";
import { readSweepFile } from "../sweep-source.ts";

export const run: CliCommand = {
  name: "run",
  summary: "submit a sweep file and follow it to its end",
  examples: [
    "fleetsweep run examples/quickstart.yaml",
    "fleetsweep run sweep.yaml --detach     # prints the sweep's id and returns",
  ],

  declare(command, io) {
    withPlaceOptions(command)
      .argument("<file>", "the sweep file, or the name of a preset")
      .option("-d, --detach", "return once the sweep is in the log")
      .action(async (file: string, options: PlaceOptions & { detach?: boolean }) => {
        await withOperator(io, options, async (operator) => {
          const sweepId = await submitFile(operator, file, io);
          io.out(`${sweepId}\n`);
          if (options.detach !== true) {
            io.exitWith(exitCodeOf(await followSweep(operator, sweepId, io)));
            io.talk(`fleetsweep report ${sweepId}   shows what was found\n`);
          }
        });
      });
  },
};

/** Submits a file and returns the sweep's id. */
export async function submitFile(operator: Operator, file: string, io: Io): Promise<string> {
  const { text, fileName } = await readSweepFile(file, io);
  const sweepId = makeUlid(Date.now());
  const { cellCount, shardCount } = await operator.ask<SubmitSweepResponse__Output>(
    (client, limits, answer) =>
      client.submitSweep({ sweepId, fileName, source: text }, limits, answer),
  );
  const size = `${countOf(cellCount, "cell")} in ${countOf(shardCount, "shard")}`;
  io.talk(`sweep ${sweepId}: ${size}\n`);
  return sweepId;
}

/** 0 when every cell is ok, 1 when some failed or the sweep was cancelled. */
export function exitCodeOf(outcome: FollowOutcome): number {
  return outcome === "done" ? 0 : 1;
}
