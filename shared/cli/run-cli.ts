import { CommanderError } from "commander";
import { errorCatalogue, FleetsweepError } from "../domain/errors.ts";
import type { Io } from "./command.ts";
import { type CliProgram, declareProgram } from "./declare-program.ts";

/** Wrong words on the command line. */
const usageExitCode = 2;
/** Something threw that is no {@link FleetsweepError}: a bug. */
const bugExitCode = 70;

/** Parses the command line and runs its verb; resolves when it is done, having set the exit code. */
export async function runCli(wanted: CliProgram, argv: readonly string[], io: Io): Promise<void> {
  const program = declareProgram(wanted, io);
  try {
    await program.parseAsync(argv, { from: "user" });
  } catch (error) {
    io.exitWith(reportError(error, io));
  }
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
