import type { SweepSummary__Output } from "../../../proto/gen/fleetsweep/v1/SweepSummary.ts";
import { formatColumns } from "../../../shared/cli/columns.ts";
import type { CliCommand } from "../../../shared/cli/command.ts";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import { knownSweeps } from "../known-sweeps.ts";
import { withOperator, withPlaceOptions } from "../operator-client.ts";
import type { PlaceOptions } from "../state-place.ts";
import { wantsJson } from "../table-or-json.ts";

export const sweeps: CliCommand = {
  name: "sweeps",
  summary: "list the sweeps of the log, the newest last",
  examples: [
    "fleetsweep sweeps",
    "fleetsweep sweeps --limit 0",
    "fleetsweep sweeps -o json | jq -r '.[-1].sweep_id'",
  ],

  declare(command, io) {
    withPlaceOptions(command)
      .option("-o, --output <format>", "table or json", "table")
      .option("--limit <sweeps>", "at most so many, the newest; 0 for all", String(usualLimit))
      .action(async (options: PlaceOptions & { output: string; limit: string }) => {
        const json = wantsJson(options.output);
        const limit = parseLimit(options.limit);
        const { sweeps: listed, more } = await withOperator(io, options, (operator) =>
          knownSweeps(operator, limit),
        );
        io.out(json ? `${JSON.stringify(listed.map(toJson), null, 2)}\n` : toTable(listed));
        if (more) io.talk("there are older sweeps; --limit 0 lists all\n");
      });
  },
};

/** As many as anybody reads; a fleet with schedules has thousands. */
const usualLimit = 100;

function parseLimit(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new FleetsweepError("config.invalid", `--limit: "${text}" is no number of sweeps`);
}

function toTable(listed: readonly SweepSummary__Output[]): string {
  const rows = listed.map((sweep) => [
    sweep.sweepId,
    sweep.name,
    sweep.state,
    `${sweep.cells?.ok ?? 0}/${sweep.cells?.total ?? 0}`,
    // Those that are quarantined too; `status` tells them apart.
    String((sweep.cells?.failed ?? 0) + (sweep.cells?.quarantined ?? 0)),
    sweep.submittedAtMs > 0 ? new Date(sweep.submittedAtMs).toISOString().slice(0, 10) : "",
    showHosts(sweep.hostIds),
  ]);
  const header = ["SWEEP", "NAME", "STATE", "OK", "FAILED", "SUBMITTED", "HOSTS"];
  return formatColumns([header, ...rows]);
}

/** A fleet would make the line as long as itself; the JSON names them all. */
function showHosts(hostIds: readonly string[]): string {
  return hostIds.length === 1 ? hostIds.join() : `${hostIds.length} hosts`;
}

function toJson(sweep: SweepSummary__Output) {
  const { sweepId, name, state, cells, submittedAtMs, hostIds } = sweep;
  const { total = 0, ok = 0, failed = 0, quarantined = 0 } = cells ?? {};
  const submitted = submittedAtMs > 0 ? new Date(submittedAtMs).toISOString() : null;
  const counts = { total, ok, failed, quarantined };
  return { sweep_id: sweepId, name, state, cells: counts, submitted_at: submitted, hosts: hostIds };
}
