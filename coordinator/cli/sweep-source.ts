import { readFile, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import type { Io } from "../../shared/cli/command.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { describeFailure } from "../../shared/runtime/describe-failure.ts";
import { findPreset } from "../presets.ts";

/** Read whole before it is judged, so that the error can quote it; what is larger is no sweep file. */
const maxFileBytes = 10 * 1024 * 1024;

export interface SweepText {
  readonly fileName: string;
  readonly text: string;
}

/**
 * A sweep file by its path, or a preset by its name.
 * @throws FleetsweepError config.invalid where the file cannot be read, sweep.not_found for a name
 *   that no preset has.
 */
export async function readSweepFile(file: string, io: Pick<Io, "cwd">): Promise<SweepText> {
  const path = resolve(io.cwd, file);
  const size = await sizeOf(path);
  if (size === null && /^[a-z0-9-]+$/.test(file)) {
    const { text, name } = await findPreset(file);
    return { fileName: `${name}.yaml`, text };
  }
  if (size !== null && size > maxFileBytes) {
    const found = `${size} bytes, at most ${maxFileBytes} are read`;
    throw new FleetsweepError("config.invalid", `${file} is too large: ${found}`);
  }
  try {
    return { fileName: basename(path), text: await readFile(path, "utf8") };
  } catch (cause) {
    const found = describeFailure(cause);
    throw new FleetsweepError("config.invalid", `cannot read ${file}: ${found}`, { cause });
  }
}

/** Null where nothing is there. */
async function sizeOf(path: string): Promise<number | null> {
  return await stat(path).then(
    (found) => found.size,
    () => null,
  );
}
