import { Command, CommanderError } from "commander";
import { errorCatalogue, FleetsweepError } from "../../shared/domain/errors.ts";
import { packageVersion } from "../../shared/runtime/version.ts";
import type { Io } from "./command.ts";
import { commands } from "./registry.ts";

/** Wrong words on the command line. */
const usageExitCode = 2;
/** Something threw that is no {@link FleetsweepError}: a bug. */
const bugExitCode = 70;
/** The shell's convention for a program that SIGINT ended: 128 + 2. */
const interruptedExitCode = 130;

/** Parses the command line and runs its verb; resolves when it is done, having set the exit code. */
export async function runCli(argv: readonly string[], io: Io): Promise<void> {
  const program = new Command("fleetsweep-agent")
    .description("Says what this host is, and measures on it.")
    .version(packageVersion())
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => io.talk(text) })
    .configureHelp({ helpWidth: io.columns })
    .showSuggestionAfterError();
  for (const command of commands) {
    command.declare(program.command(command.name).description(command.summary), io);
  }
  try {
    await program.parseAsync(argv, { from: "user" });
  } catch (error) {
    io.exitWith(reportError(error, io));
  }
}

/** Tells the user once, in one place, and returns the exit code. */
function reportError(error: unknown, io: Io): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usageExitCode;
  if (io.signal.aborted) return interruptedExitCode;
  if (error instanceof FleetsweepError) {
    io.talk(`fleetsweep-agent: ${error.message}\n`);
    return errorCatalogue[error.code].exitCode;
  }
  const bug = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.talk(`fleetsweep-agent: a bug: ${bug}\n`);
  return bugExitCode;
}
