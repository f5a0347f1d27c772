import { constants } from "node:fs";
import { access, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FleetsweepError } from "../domain/errors.ts";
import { describeFailure } from "./describe-failure.ts";
import { type Lock, lockDirectory } from "./lock.ts";
import { makeDirectory } from "./make-directory.ts";

/** Raised when the layout of a state directory changes so that an older program would damage it. */
const formatVersion = 1;
const formatFile = "format.json";

/**
 * Opens a state directory for one process alone: makes it, checks that it is writable and of a
 * format that this version knows, and locks it.
 * @throws FleetsweepError state.unusable, state.locked.
 */
export async function openStateDir(directory: string, pid: number): Promise<Lock> {
  try {
    await makeDirectory(directory, 0o700);
    await access(directory, constants.W_OK | constants.X_OK);
  } catch (error) {
    const found = describeFailure(error);
    throw new FleetsweepError(
      "state.unusable",
      `cannot use state directory ${directory}: ${found}`,
    );
  }
  const lock = await lockDirectory(directory, pid);
  try {
    await checkFormat(join(directory, formatFile));
    return lock;
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function checkFormat(file: string): Promise<void> {
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null) {
    await writeFile(file, `${JSON.stringify({ format_version: formatVersion })}\n`);
    return;
  }
  const found = versionIn(text);
  if (found === formatVersion) return;
  const why =
    typeof found === "number" && found > formatVersion
      ? `belongs to a newer fleetsweep (format ${found}, this one knows ${formatVersion})`
      : "does not say which format it has";
  throw new FleetsweepError("state.unusable", `${file} ${why}; use another state directory`);
}

function versionIn(text: string): unknown {
  try {
    return (JSON.parse(text) as { format_version?: unknown } | null)?.format_version;
  } catch {
    return undefined; // Not JSON: it does not say its format either.
  }
}
