import { chmod, lutimes, readdir } from "node:fs/promises";
import { join, relative } from "node:path";

/** Every file below, as a path relative to `root`, in the order of bytes. */
export async function listFiles(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

/**
 * Gives everything below the modes 755 and 644 and one time, whatever the builder's umask and clock are. Only
 * what stands in a `bin` of ours may be run: all else is given to an interpreter by its path.
 */
export async function settleTree(root: string, epochS: number): Promise<void> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await chmod(path, 0o755);
    else if (entry.isFile()) await chmod(path, isProgram(path) ? 0o755 : 0o644);
    await lutimes(path, epochS, epochS);
  }
  await chmod(root, 0o755);
}

function isProgram(path: string): boolean {
  return /\/bin\/(node|fleetsweep[a-z-]*)$/.test(path);
}
