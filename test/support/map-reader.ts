import type { BinaryReading, SysfsReader } from "../../agent/host/sysfs-reader.ts";

/** Text, or the reason for which the file cannot be read. */
export type FileText = string | { readonly fails: string };

/**
 * A host held in memory, path → file; `operations` counts what was asked of it. A path that others
 * go on from is a directory.
 */
export function makeMapReader(
  files: ReadonlyMap<string, FileText>,
): SysfsReader & { operations(): number } {
  const directories = collectDirectories(files);
  let count = 0;
  const read = (path: string): BinaryReading => {
    count += 1;
    const file = files.get(path);
    if (typeof file === "string") return { state: "present", bytes: Buffer.from(file) };
    if (file !== undefined) return { state: "failed", reason: file.fails };
    if (!directories.has(path)) return { state: "absent" };
    return { state: "failed", reason: "is a directory where a file was expected" };
  };
  return {
    operations: () => count,
    readBinary: (path) => Promise.resolve(read(path)),
    read(path) {
      const reading = read(path);
      if (reading.state !== "present") return Promise.resolve(reading);
      return Promise.resolve({
        state: "present",
        text: Buffer.from(reading.bytes).toString("utf8"),
      });
    },
    list(path) {
      count += 1;
      const names = directories.get(path);
      return Promise.resolve(names === undefined ? null : [...names].sort());
    },
  };
}

function collectDirectories(files: ReadonlyMap<string, FileText>): Map<string, Set<string>> {
  const directories = new Map<string, Set<string>>();
  for (const path of files.keys()) {
    const parts = path.split("/");
    for (let depth = parts.length - 1; depth >= 0; depth -= 1) {
      const parent = parts.slice(0, depth).join("/");
      const names = directories.get(parent) ?? new Set<string>();
      names.add(parts[depth] ?? "");
      directories.set(parent, names);
    }
  }
  return directories;
}
