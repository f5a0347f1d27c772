import { resolve } from "node:path";
import { type CliCommand, type Io, wantsColour } from "../../../shared/cli/command.ts";
import { renderTopology } from "../../../shared/domain/topology-picture.ts";
import { drawTopologySvg } from "../../../shared/domain/topology-svg.ts";
import { captureTree } from "../../host/capture.ts";
import type { SysfsReader } from "../../host/sysfs-reader.ts";
import { readTopology } from "../../host/topology.ts";
import { openTree } from "../../host/tree-reader.ts";
import { writeUserFile } from "../../host/write-file.ts";

interface TopologyOptions {
  readonly sysroot: string;
  readonly json?: true;
  readonly full?: true;
  readonly svg?: string;
  readonly capture?: string;
}

export const topology: CliCommand = {
  name: "topology",
  summary: "show packages, NUMA nodes, cores, caches and the state of this host",
  examples: [
    "fleetsweep topology",
    "fleetsweep topology --json --sysroot host.tar.gz",
    "fleetsweep topology --svg host.svg",
    "fleetsweep topology --capture host.tar.gz",
  ],
  declare(command, io) {
    command
      .option("--sysroot <tree>", "read a captured tree, a directory or a .tar.gz", "/")
      .option("--json", "print everything as JSON, schema topology-truth/1")
      .option("--full", "show every core, every flag and every warning")
      .option("--svg <file>", "draw packages, NUMA nodes, L3 groups and cores into a file")
      .option(
        "--capture <file>",
        "save what was read as a .tar.gz, without names and serial numbers",
      )
      .action((options: TopologyOptions) => showTopology(options, io));
  },
};

async function showTopology(options: TopologyOptions, io: Io): Promise<void> {
  const reader = openTree(options.sysroot);
  if (options.capture !== undefined) {
    await saveCapture(reader, options.capture, io);
    return;
  }
  const host = await readTopology(reader);
  if (options.svg !== undefined) {
    await writeUserFile(resolve(io.cwd, options.svg), drawTopologySvg(host));
    io.talk(`wrote ${options.svg}\n`);
    return;
  }
  if (options.json === true) {
    io.out(`${JSON.stringify(host, null, 2)}\n`);
    return;
  }
  const full = options.full === true;
  io.out(renderTopology(host, { width: io.columns, colour: wantsColour(io), full }));
}

async function saveCapture(reader: SysfsReader, file: string, io: Io): Promise<void> {
  const { archive, files, leftOut } = await captureTree(reader);
  await writeUserFile(resolve(io.cwd, file), archive);
  io.talk(`wrote ${file}: ${files} files; --sysroot ${file} reads it\n`);
  for (const path of leftOut) io.talk(`left out, for its name is too long: ${path}\n`);
}
