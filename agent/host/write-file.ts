import { writeFile } from "node:fs/promises";
import { FleetsweepError } from "../../shared/domain/errors.ts";

/** Writes a file that the user named; `config.invalid` where that is not possible. */
export async function writeUserFile(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await writeFile(path, content);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FleetsweepError("config.invalid", `cannot write ${path}: ${reason}`, {
      cause: error,
    });
  }
}
