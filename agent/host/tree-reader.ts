import { readFileSync, statSync } from "node:fs";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { makeSysfsReader, type SysfsReader } from "./sysfs-reader.ts";
import { makeTarReader, maxTreeBytes } from "./tar-tree.ts";

/**
 * A reader of the tree that a user names: a directory, `/`, or a captured `.tar.gz`. Throws
 * `config.invalid` where there is neither.
 */
export function openTree(path: string): SysfsReader {
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) return makeSysfsReader(path);
    if (stats.size > maxTreeBytes) throw new Error(`it is larger than ${maxTreeBytes} bytes`);
    return makeTarReader(readFileSync(path));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FleetsweepError("config.invalid", `cannot read the tree ${path}: ${reason}`, {
      cause: error,
    });
  }
}
