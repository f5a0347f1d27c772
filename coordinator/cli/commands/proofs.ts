import type { QueryProjectionResponse__Output } from "../../../proto/gen/fleetsweep/v1/QueryProjectionResponse.ts";
import type { CliCommand, Io } from "../../../shared/cli/command.ts";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import { sha256 } from "../../../shared/runtime/random-id.ts";
import type { Report } from "../../analysis/report.ts";
import { outlineSweep } from "../../logic/plan-sweep.ts";
import type { PlanningHost, PrunedCells } from "../../logic/sweep-plan.ts";
import { proofsQuery, readProofs } from "../../report/proofs.ts";
import { proofFormats } from "../../report/proofs-text.ts";
import type { QueryRows } from "../../report/query-text.ts";
import { parseSweepFile } from "../../sweep-file/parse-sweep-file.ts";
import { collectDocument, pick } from "../document-client.ts";
import { type Operator, withOperator, withPlaceOptions } from "../operator-client.ts";
import { connectedHosts } from "../planning-hosts.ts";
import { fetchReport } from "../report-client.ts";
import type { PlaceOptions } from "../state-place.ts";

/** Rows that are asked for: a plan has no more cells. */
const maxRows = 1_000_000;

export const proofs: CliCommand = {
  name: "proofs",
  summary: "show what every cell's running processes showed of its settings, and what is missing",
  examples: [
    "fleetsweep proofs 01JD…",
    "fleetsweep proofs 01JD… -o md > proofs.md",
    "fleetsweep proofs 01JD… -o json        # everything that was read back",
  ],

  declare(command, io) {
    withPlaceOptions(command)
      .argument("<sweep>", "the sweep's id")
      .option("-o, --output <format>", Object.keys(proofFormats).join(", "), "table")
      .action(async (sweepId: string, options: PlaceOptions & { readonly output: string }) => {
        const render = pick(proofFormats, options.output, "format of proofs");
        const { report, found } = await withOperator(io, options, async (operator) => ({
          report: await fetchReport(operator, sweepId),
          found: await query(operator, proofsQuery(sweepId)),
        }));
        const rows = readProofs(found);
        const leftOut = findLeftOut(report, await hostsOf(report, options, io));
        io.out(render({ sweepId, name: report.sweep.name, rows, leftOut }, io.columns));
      });
  },
};

async function query(operator: Operator, sql: string): Promise<QueryRows> {
  return await collectDocument<QueryRows>(
    operator.stream<QueryProjectionResponse__Output>((client) =>
      client.queryProjection({ sql, maxRows }),
    ),
  );
}

/** Those hosts of the sweep that are connected. */
async function hostsOf(
  { hosts }: Report,
  options: PlaceOptions,
  io: Io,
): Promise<readonly PlanningHost[]> {
  const names = hosts.map(({ hostId }) => hostId);
  return (await connectedHosts(io, options)).filter(({ hostId }) => names.includes(hostId));
}

/** What the plan of the same file leaves out on the same hosts, as they are now. */
function findLeftOut(
  { sweep: { name, source } }: Report,
  hosts: readonly PlanningHost[],
): readonly PrunedCells[] | null {
  if (hosts.length === 0) return null;
  try {
    const outline = outlineSweep(parseSweepFile(source, name), hosts, sha256);
    return outline.hosts.flatMap(({ pruned }) => pruned);
  } catch (error) {
    // A tune's plan grows from the log, and a file of an earlier version may not be read any more.
    if (error instanceof FleetsweepError) return null;
    throw error;
  }
}
