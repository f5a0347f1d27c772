import type { Command } from "commander";
import type { Host__Output } from "../../../proto/gen/fleetsweep/v1/Host.ts";
import { formatColumns } from "../../../shared/cli/columns.ts";
import { type CliCommand, type Io, wantsColour } from "../../../shared/cli/command.ts";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import { layOut, makePaint, printable } from "../../../shared/domain/text-layout.ts";
import type { Topology } from "../../../shared/domain/topology.ts";
import { renderTopology } from "../../../shared/domain/topology-picture.ts";
import { hostLines } from "../../report/host-lines.ts";
import {
  explainClasses,
  explainHosts,
  explainReturn,
  explainStates,
} from "../../report/host-sentences.ts";
import { type ListedHost, listHosts } from "../../report/hosts-table.ts";
import { knownHosts } from "../known-hosts.ts";
import { withOperator, withPlaceOptions } from "../operator-client.ts";
import { declareRevoke, declareRevoked } from "../revoke-verb.ts";
import type { PlaceOptions } from "../state-place.ts";

interface ListOptions extends PlaceOptions {
  readonly output: string;
}

export const hosts: CliCommand = {
  name: "hosts",
  summary: "list the hosts with their shape, CPU, class and state, or show one",
  examples: [
    "fleetsweep hosts",
    "fleetsweep hosts -o wide",
    "fleetsweep hosts show HOST",
    "fleetsweep hosts -o json",
  ],

  declare(command, io) {
    withPlaceOptions(command.alias("host"))
      .option("-o, --output <format>", "table, wide or json", "table")
      .action(async (options: ListOptions) => {
        checkFormat(options.output);
        printList(await askHosts(io, options), options, io);
      });
    withPlaceOptions(command.command("show <host>"))
      .description("draw one host, and say in what it differs from the others")
      .option("--full", "show every core, every flag and every warning")
      .action(async (hostId: string, _: unknown, self: Command) => {
        // commander gives options that both verbs know to the outer one.
        const options = self.optsWithGlobals<PlaceOptions & { full?: true }>();
        printHost(await askHosts(io, options), hostId, { io, full: options.full === true });
      });
    declareRevoke(command, "host", io);
    declareRevoked(command, io);
  },
};

function checkFormat(format: string): void {
  if (["table", "wide", "json"].includes(format)) return;
  throw new FleetsweepError("config.invalid", `-o is table, wide or json, not "${format}"`);
}

async function askHosts(io: Io, options: PlaceOptions): Promise<ListedHost[]> {
  const hosts = await withOperator(io, options, knownHosts);
  return hosts.map(toListedHost).sort((a, b) => (a.hostId < b.hostId ? -1 : 1));
}

/** The coordinator has checked the topology when the agent sent it. */
function toListedHost(host: Host__Output): ListedHost {
  return { ...host, topology: JSON.parse(host.topologyJson) as Topology };
}

function printList(listed: readonly ListedHost[], { output }: ListOptions, io: Io): void {
  if (output === "json") {
    io.out(`${JSON.stringify(listed, null, 2)}\n`);
    return;
  }
  if (listed.length === 0) io.talk("no host has dialled a coordinator yet\n");
  else io.out(formatColumns(listHosts(listed, output === "wide")));
  for (const sentence of explainHosts(listed, Date.now())) say(io, "", sentence);
}

function say(io: Io, head: string, text: string): void {
  io.out(`${layOut(head, [text], { width: io.columns }).join("\n")}\n`);
}

function printHost(
  listed: readonly ListedHost[],
  hostId: string,
  { io, full }: { readonly io: Io; readonly full: boolean },
): void {
  const host = listed.find((other) => other.hostId === hostId);
  if (host === undefined) {
    const known = listed.map((other) => other.hostId).join(", ") || "none";
    throw new FleetsweepError("host.not_found", `no host "${hostId}"; known hosts: ${known}`);
  }
  const colour = wantsColour(io);
  const [words = ""] = host.state.split(": ");
  const line = `${host.hostId}  ${words}  class ${host.hostClass || "not known yet"}`;
  io.out(`${makePaint(colour)("bold", printable(line))}\n`);
  const odd = explainClasses(listed).filter((text) => text.includes(hostId));
  for (const text of [...explainStates([host]), ...explainReturn([host]), ...odd])
    say(io, "", text);
  for (const [label, text] of hostLines(host, Date.now())) say(io, label.padEnd(labelWidth), text);
  io.out(`\n${renderTopology(host.topology, { width: io.columns, colour, full })}`);
}

/** As wide as the labels of the picture below. */
const labelWidth = 10;
