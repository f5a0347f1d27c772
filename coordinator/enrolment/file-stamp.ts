import { stat } from "node:fs/promises";

/** A text that changes whenever a file or a directory does; empty where there is none. */
export async function fileStamp(path: string): Promise<string> {
  try {
    const { size, mtimeMs, ino } = await stat(path);
    return `${ino}.${size}.${mtimeMs}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}
