import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { randomId } from "./random-id.ts";

/**
 * Replaces a file as one step: whoever reads it, also after a crash, finds the old text or the new one,
 * and nobody but its owner can read it at any time unless `mode` says so.
 */
export async function writeDurably(path: string, text: string, mode = 0o600): Promise<void> {
  const temporary = `${path}.${randomId()}.new`;
  try {
    const file = await open(temporary, "wx", mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(dirname(path));
}

/** Names are on the disk only once their directory is (fsync(2)). */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
