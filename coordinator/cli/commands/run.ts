import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import type { SubmitSweepResponse__Output } from "../../../proto/gen/fleetsweep/v1/SubmitSweepResponse.ts";
import type { CliCommand, Io } from "../../../shared/cli/command.ts";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import { makeUlid } from "../../../shared/runtime/random-id.ts";
import { type FollowOutcome, followSweep } from "../follow.ts";
import { type Operator, withOperator, withPlaceOptions } from "../operator-client.ts";
import type { PlaceOptions } from "../state-place.ts";

/** A sweep file is written by hand; what is larger is something else. */
const maxFileBytes = 10 * 1024 * 1024;

export const run: CliCommand = {
  name: "run",
  summary: "submit a sweep file and follow it to its end",
  examples: [
    "fleetsweep run examples/quickstart.yaml",
    "fleetsweep run sweep.yaml --detach     # prints the sweep's id and returns",
  ],

  declare(command, io) {
    withPlaceOptions(command)
      .argument("<file>", "the sweep file")
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
  const source = await readSweepFile(resolve(io.cwd, file));
  const sweepId = makeUlid(Date.now());
  const { cellCount, shardCount } = await operator.ask<SubmitSweepResponse__Output>(
    (client, limits, answer) =>
      client.submitSweep({ sweepId, fileName: basename(file), source }, limits, answer),
  );
  io.talk(`sweep ${sweepId}: ${cellCount} cells in ${shardCount} shards\n`);
  return sweepId;
}

/** 0 when every cell is ok, 1 when some failed or the sweep was cancelled. */
export function exitCodeOf(outcome: FollowOutcome): number {
  return outcome === "done" ? 0 : 1;
}

/** @throws FleetsweepError config.invalid where the file cannot be read or is no sweep file by size. */
export async function readSweepFile(path: string): Promise<string> {
  try {
    const bytes = await readFile(path);
    if (bytes.length <= maxFileBytes) return bytes.toString("utf8");
    const size = `${bytes.length} bytes, at most ${maxFileBytes} are read`;
    throw new FleetsweepError("config.invalid", `${path} is too large: ${size}`);
  } catch (error) {
    if (error instanceof FleetsweepError) throw error;
    const found = error instanceof Error ? error.message : String(error);
    throw new FleetsweepError("config.invalid", `cannot read the sweep file: ${found}`);
  }
}
