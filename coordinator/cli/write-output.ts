import { writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Io } from "../../shared/cli/command.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { makeDirectory } from "../../shared/runtime/make-directory.ts";

/** Writes a file that the user named and says so. @throws FleetsweepError config.invalid */
export async function writeOutput(io: Io, path: string, data: string | Uint8Array): Promise<void> {
  const file = resolve(io.cwd, path);
  try {
    await makeDirectory(dirname(file));
    await writeFile(file, data);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FleetsweepError("config.invalid", `cannot write ${path}: ${reason}`, {
      cause: error,
    });
  }
  io.talk(`wrote ${path}\n`);
}
