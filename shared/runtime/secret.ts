import { readFile } from "node:fs/promises";
import { FleetsweepError } from "../domain/errors.ts";

/**
 * The token in a file, or nothing where no file is named: secrets travel in files, for arguments
 * and environments of a process can be read by others.
 * @throws FleetsweepError config.invalid where the file cannot be read.
 */
export async function readSecret(file: string | undefined): Promise<{ token?: string }> {
  if (file === undefined) return {};
  try {
    return { token: (await readFile(file, "utf8")).trim() };
  } catch (error) {
    throw new FleetsweepError("config.invalid", `cannot read the token file ${file}`, {
      cause: error,
    });
  }
}
