import { access, mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/**
 * Makes a directory and those above it that are missing; one that is there already is no error.
 * Not `mkdir` with `recursive`: where the file system itself refuses a new directory with ENOENT, as
 * procfs does, Node takes its parent for the missing one and tries again for ever.
 * @throws what `mkdir` throws, with its `code`.
 */
export async function makeDirectory(path: string, mode = 0o777): Promise<void> {
  const full = resolve(path);
  const above = dirname(full);
  if ((await tryMkdir(full, mode)) === "made") return;
  if (above === full) throw new Error(`${full} cannot be made`);
  await makeDirectory(above, mode);
  await mkdir(full, { mode }).catch(async (error) => await requireDirectory(full, error));
}

/** `missing` where a directory above it seems not to be there. */
async function tryMkdir(path: string, mode: number): Promise<"made" | "missing"> {
  try {
    await mkdir(path, { mode });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "missing";
    await requireDirectory(path, error);
  }
  return "made";
}

/** @throws the error, unless it says that something is there; ENOTDIR where that is no directory. */
async function requireDirectory(path: string, error: unknown): Promise<void> {
  if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  await access(`${path}/.`);
}
