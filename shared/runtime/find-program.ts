import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** Debian puts servers where a user's PATH does not look. */
const systemDirectories = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/bin"];

/** The full path of a program: first in `searchPath` (a PATH), then where systems keep servers. */
export async function findProgram(
  name: string,
  searchPath: string | undefined,
): Promise<string | undefined> {
  const directories = [...(searchPath ?? "").split(delimiter), ...systemDirectories];
  for (const directory of directories) {
    if (directory === "") continue;
    const file = join(directory, name);
    if (await isExecutable(file)) return file;
  }
  return undefined;
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    // Absent, or not ours to run: the search goes on.
    return false;
  }
}
