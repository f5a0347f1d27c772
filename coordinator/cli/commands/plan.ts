import type { Command } from "commander";
import type { CliCommand, Io } from "../../../shared/cli/command.ts";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import { sha256 } from "../../../shared/runtime/random-id.ts";
import { assumeRunners, strangersIn } from "../../logic/assumed-runners.ts";
import { outlineSweep, type SweepOutline } from "../../logic/plan-sweep.ts";
import type { PlanningHost } from "../../logic/sweep-plan.ts";
import type { SweepSpec } from "../../logic/sweep-spec.ts";
import { comparePlan } from "../../plan-view/compare-plan.ts";
import { formatComparison } from "../../plan-view/comparison-text.ts";
import { planJson } from "../../plan-view/plan-json.ts";
import { formatPlan } from "../../plan-view/plan-table.ts";
import { describeUnplaceable } from "../../sweep-file/describe-unplaceable.ts";
import { parseSweepFile } from "../../sweep-file/parse-sweep-file.ts";
import { readEarlierCells } from "../earlier-cells.ts";
import { withPlaceOptions } from "../operator-client.ts";
import { connectedHosts, describedHost, thisHost } from "../planning-hosts.ts";
import type { PlaceOptions } from "../state-place.ts";
import { readSweepFile, type SweepText } from "../sweep-source.ts";
import { wantsJson } from "../table-or-json.ts";

interface PlanOptions extends PlaceOptions {
  readonly offline?: true;
  readonly on?: readonly string[];
  readonly against?: string;
  readonly output: string;
}

export const plan: CliCommand = {
  name: "plan",
  summary: "show what a sweep would run: cells, CPUs, what is left out, and how long it takes",
  examples: [
    "fleetsweep plan sweep.yaml                        # on the connected hosts",
    "fleetsweep plan sweep.yaml --offline              # on this host, asking nobody",
    "fleetsweep plan sweep.yaml --on xeon.tar.gz       # on a captured host",
    "fleetsweep plan sweep.yaml -o json > plan.json    # every cell with its id",
    "fleetsweep plan sweep.yaml --against plan.json    # what a change adds",
    "fleetsweep plan sweep.yaml --against 01JD…        # … to what that sweep measured",
  ],
  declare: declarePlan,
};

function declarePlan(command: Command, io: Io): void {
  withPlaceOptions(command)
    .argument("<file>", "the sweep file, or the name of a preset")
    .option("--offline", "plan for this host, and ask no coordinator")
    .option("--on <path...>", "plan for hosts of which a topology or a captured tree is at hand")
    .option(
      "--against <what>",
      "compare by cell id with an earlier plan or report in JSON, or with a sweep by its id",
    )
    .option("-o, --output <format>", "table or json", "table")
    .action(async (file: string, options: PlanOptions) => {
      const json = wantsJson(options.output);
      const source = await readSweepFile(file, io);
      const spec = parseSweepFile(source.text, source.fileName);
      const hosts = await hostsFor(spec, options, io);
      const outline = outlineSweep(spec, hosts, sha256);
      requireCells(outline, source);
      const { against } = options;
      const earlier = against === undefined ? null : await readEarlierCells(against, options, io);
      show(outline, json, io);
      if (earlier !== null) {
        io.talk(formatComparison(earlier.name, comparePlan(outline, earlier.cells)));
      }
    });
}

async function hostsFor(
  spec: SweepSpec,
  options: PlanOptions,
  io: Io,
): Promise<readonly PlanningHost[]> {
  if (options.on !== undefined || options.offline === true) {
    const runners = assumeRunners(spec);
    io.talk("runners are assumed, nobody was asked: the cell ids are those of no real sweep\n");
    for (const stranger of strangersIn(spec)) io.talk(`${stranger}\n`);
    const here = options.offline === true ? [await thisHost(io, runners)] : [];
    const described = (options.on ?? []).map((path) => describedHost(path, io, runners));
    return [...here, ...(await Promise.all(described))];
  }
  const hosts = await connectedHosts(io, options);
  if (hosts.length > 0) return hosts;
  throw new FleetsweepError("sweep.unplaceable", "no host is connected; try --offline");
}

function show(outline: SweepOutline, json: boolean, io: Io): void {
  if (json) {
    for (const piece of planJson(outline)) io.out(piece);
  } else io.out(formatPlan(outline, io.columns));
}

/** A plan without any cell is a fault of the input. */
function requireCells({ hosts, unmatched }: SweepOutline, source: SweepText): void {
  if (hosts.length > 0) return;
  throw new FleetsweepError("sweep.unplaceable", describeUnplaceable(source, unmatched));
}
