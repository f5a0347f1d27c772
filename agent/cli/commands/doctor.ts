import { type CliCommand, type Io, wantsColour } from "../../../shared/cli/command.ts";
import { probeLoad, probePrograms } from "../../host/doctor-probe.ts";
import { readTopology } from "../../host/topology.ts";
import { openTree } from "../../host/tree-reader.ts";
import { diagnose } from "../../logic/doctor.ts";
import { renderFindings } from "../../logic/doctor-report.ts";

interface DoctorOptions {
  readonly sysroot: string;
  readonly json?: true;
}

/** Something serious was found. */
const seriousExitCode = 1;

export const doctor: CliCommand = {
  name: "doctor",
  summary: "say what on this host would spoil a measurement; exit code 1 where it is serious",
  examples: ["fleetsweep doctor", "fleetsweep doctor --json"],
  declare(command, io) {
    command
      .option("--sysroot <tree>", "look at a captured tree, a directory or a .tar.gz", "/")
      .option("--json", "print the findings as JSON")
      .action((options: DoctorOptions) => examine(options, io));
  },
};

async function examine(options: DoctorOptions, io: Io): Promise<void> {
  const reader = openTree(options.sysroot);
  const topology = await readTopology(reader);
  // A captured tree has a load and programs of another time and place.
  const isThisHost = options.sysroot === "/";
  const findings = diagnose({
    topology,
    load: isThisHost ? await probeLoad(reader, topology.summary.threads, io.signal) : null,
    programs: isThisHost ? await probePrograms(io.env["PATH"] ?? "", io.signal) : null,
  });
  const serious = findings.filter(({ severity }) => severity === "serious").length;
  if (options.json === true) io.out(`${JSON.stringify({ serious, findings }, null, 2)}\n`);
  else io.out(renderFindings(findings, { width: io.columns, colour: wantsColour(io) }));
  if (serious > 0) io.exitWith(seriousExitCode);
}
