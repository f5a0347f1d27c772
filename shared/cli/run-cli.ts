import { Command, CommanderError } from "commander";
import { errorCatalogue, FleetsweepError } from "../domain/errors.ts";
import { packageVersion } from "../runtime/version.ts";
import type { CliCommand, Io } from "./command.ts";

/** Wrong words on the command line. */
const usageExitCode = 2;
/** Something threw that is no {@link FleetsweepError}: a bug. */
const bugExitCode = 70;

const exitCodesHelp = `
Exit codes:
  0   done
  1   done, but something failed (a cell, a check)
  2   the input is wrong; nothing was done
  3   a part of the system is missing or out of reach
  70  a bug in fleetsweep
  130 interrupted`;

/** A program's command line: what it is, and its verbs in the order of the help. */
export interface CliProgram {
  readonly description: string;
  readonly commands: readonly CliCommand[];
}

/** Parses the command line and runs its verb; resolves when it is done, having set the exit code. */
export async function runCli(
  { description, commands }: CliProgram,
  argv: readonly string[],
  io: Io,
): Promise<void> {
  const program = new Command("fleetsweep")
    .description(description)
    .version(packageVersion())
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => io.talk(text) })
    .configureHelp({ helpWidth: io.columns })
    .showSuggestionAfterError()
    .addHelpText("after", exitCodesHelp);
  for (const command of commands) declareCommand(program, command, io);
  try {
    await program.parseAsync(argv, { from: "user" });
  } catch (error) {
    io.exitWith(reportError(error, io));
  }
}

function declareCommand(program: Command, command: CliCommand, io: Io): void {
  const declared = program.command(command.name).description(command.summary);
  declared.addHelpText("after", `\nExamples:\n${command.examples.map((e) => `  ${e}`).join("\n")}`);
  command.declare(declared, io);
}

/** Tells the user once, in one place, and returns the exit code. */
function reportError(error: unknown, io: Io): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usageExitCode;
  if (io.signal.aborted) return 130;
  if (error instanceof FleetsweepError) {
    io.talk(`fleetsweep: ${error.message}\n`);
    if (io.env["FLEETSWEEP_DEBUG"] !== undefined) io.talk(`${error.stack ?? ""}\n`);
    return errorCatalogue[error.code].exitCode;
  }
  io.talk(`fleetsweep: a bug: ${describeBug(error)}\n`);
  return bugExitCode;
}

function describeBug(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
