import { open, readFile } from "node:fs/promises";

/** Appends one object as a line and resolves once it is on the disk; nobody else may read the file. */
export async function appendLine(file: string, value: unknown): Promise<void> {
  const handle = await open(file, "a+", 0o600);
  try {
    const { size } = await handle.stat();
    const last = Buffer.alloc(1);
    // A death may have left half a line: the next one begins on a line of its own.
    const isTorn = size > 0 && (await handle.read(last, 0, 1, size - 1)) && last[0] !== 0x0a;
    await handle.appendFile(`${isTorn ? "\n" : ""}${JSON.stringify(value)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The lines of a file as values; those that are no JSON, such as a torn one, are left out and counted. */
export async function readLines(
  file: string,
): Promise<{ readonly values: readonly unknown[]; readonly damaged: number }> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const values: unknown[] = [];
  let damaged = 0;
  for (const line of text.split("\n")) {
    if (line === "") continue;
    try {
      values.push(JSON.parse(line));
    } catch {
      damaged += 1; // A death while it was written; the next line is whole again.
    }
  }
  return { values, damaged };
}
