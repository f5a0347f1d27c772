import { type CliCommand, type Io, wantsColour } from "../../../shared/cli/command.ts";
import { renderTopology } from "../../../shared/domain/topology-picture.ts";
import { readTopology } from "../../host/topology.ts";
import { openTree } from "../../host/tree-reader.ts";

interface TopologyOptions {
  readonly sysroot: string;
  readonly json?: true;
  readonly full?: true;
}

export const topology: CliCommand = {
  name: "topology",
  summary: "show packages, NUMA nodes, cores, caches and the state of this host",
  examples: ["fleetsweep topology", "fleetsweep topology --json --sysroot host.tar.gz"],
  declare(command, io) {
    command
      .option("--sysroot <tree>", "read a captured tree, a directory or a .tar.gz", "/")
      .option("--json", "print everything as JSON, schema topology-truth/1")
      .option("--full", "show every core, every flag and every warning")
      .action((options: TopologyOptions) => showTopology(options, io));
  },
};

async function showTopology(options: TopologyOptions, io: Io): Promise<void> {
  const host = await readTopology(openTree(options.sysroot));
  if (options.json === true) {
    io.out(`${JSON.stringify(host, null, 2)}\n`);
    return;
  }
  const full = options.full === true;
  io.out(renderTopology(host, { width: io.columns, colour: wantsColour(io), full }));
}
