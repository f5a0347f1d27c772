import type { SweepSummary__Output } from "../../../proto/gen/fleetsweep/v1/SweepSummary.ts";
import type { WatchSweepResponse__Output } from "../../../proto/gen/fleetsweep/v1/WatchSweepResponse.ts";
import type { CliCommand } from "../../../shared/cli/command.ts";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import { printable } from "../../../shared/domain/text-layout.ts";
import { knownSweeps } from "../known-sweeps.ts";
import { type Operator, withOperator, withPlaceOptions } from "../operator-client.ts";
import { formatDuration, renderProgress, renderReasons } from "../progress.ts";
import type { PlaceOptions } from "../state-place.ts";
import { wantsJson } from "../table-or-json.ts";

export const status: CliCommand = {
  name: "status",
  summary: "show how far a sweep is, host by host",
  examples: [
    "fleetsweep status                  # the newest sweep that runs",
    "fleetsweep status 01JD…",
    "fleetsweep status 01JD… -o json",
  ],

  declare(command, io) {
    withPlaceOptions(command)
      .argument("[sweep]", "the sweep's id; else the newest that runs, or that was")
      .option("-o, --output <format>", "table or json", "table")
      .action(async (sweepId: string | undefined, options: PlaceOptions & { output: string }) => {
        const json = wantsJson(options.output);
        const response = await withOperator(io, options, async (operator) =>
          look(operator, sweepId ?? (await newestSweep(operator))),
        );
        if (response === undefined) return;
        if (json) {
          io.out(`${JSON.stringify(response, null, 2)}\n`);
          return;
        }
        const lines = [
          ...describe(response),
          ...renderProgress(response, ageOf(response), io.columns),
          ...renderReasons(response, io.columns),
        ];
        io.out(`${lines.join("\n")}\n`);
      });
  },
};

function describe({ summary }: WatchSweepResponse__Output): string[] {
  if (summary === null) return [];
  const ago = formatDuration(Date.now() - summary.submittedAtMs);
  const age = summary.submittedAtMs > 0 ? `, submitted ${ago} ago` : "";
  return [printable(`${summary.sweepId}  ${summary.name}${age}`)];
}

/** How long it has been running; null where it is over, for nobody knows here since when. */
function ageOf({ summary }: WatchSweepResponse__Output): number | null {
  const { state = "", submittedAtMs = 0 } = summary ?? {};
  return state === "running" && submittedAtMs > 0 ? Date.now() - submittedAtMs : null;
}

async function look(
  operator: Operator,
  sweepId: string,
): Promise<WatchSweepResponse__Output | undefined> {
  for await (const first of operator.stream((client) => client.watchSweep({ sweepId }))) {
    return first;
  }
  return undefined;
}

/** One that has been running while so many were submitted is asked for by its id. */
const lookedAt = 100;

/** @throws FleetsweepError sweep.not_found where the log has none. */
async function newestSweep(operator: Operator): Promise<string> {
  const { sweeps } = await knownSweeps(operator, lookedAt);
  const isRunning = ({ state }: SweepSummary__Output) => state === "running";
  const newest = sweeps.findLast(isRunning) ?? sweeps.at(-1);
  if (newest !== undefined) return newest.sweepId;
  throw new FleetsweepError("sweep.not_found", "the log has no sweep yet");
}
