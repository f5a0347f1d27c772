import {
  closeSync,
  constants,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { setImmediate } from "node:timers/promises";

/** One file's reading: a host that does not say is not a host that could not be asked. */
export type Reading =
  | { readonly state: "present"; readonly text: string }
  | { readonly state: "absent" }
  | { readonly state: "failed"; readonly reason: string };

/** As {@link Reading}, for bytes that are no text. */
export type BinaryReading =
  | { readonly state: "present"; readonly bytes: Uint8Array }
  | { readonly state: "absent" }
  | { readonly state: "failed"; readonly reason: string };

/**
 * The only way in which the collectors reach a host. Paths are relative to its root
 * (`sys/devices/system/cpu/online`). Nothing here throws: what cannot be read is `failed`.
 */
export interface SysfsReader {
  read(path: string): Promise<Reading>;
  readBinary(path: string): Promise<BinaryReading>;
  /** The names in a directory, sorted; null where there is none that can be listed. */
  list(path: string): Promise<readonly string[] | null>;
}

export const readerLimits = {
  /** A sysfs attribute is one page; cpu lists and /proc/meminfo may be longer. */
  fileBytes: 1 << 20,
  /** 1,376 CPUs take 5.5 MB; CONFIG_NR_CPUS ends at 8192 on x86. */
  cpuinfoBytes: 64 << 20,
  directoryEntries: 1 << 17,
  /** File operations after which other work of the process gets its turn. */
  operationsPerTurn: 256,
} as const;

const chunkBytes = 1 << 16;

/**
 * Reads below `root`: `/` for this host, or the directory of a captured tree, whose links are not
 * followed out of it, so that nothing of this host shows up as a fact of the captured one. The calls
 * are synchronous, which for files in kernel memory is several times quicker than the thread pool,
 * and the event loop gets its turn every {@link readerLimits.operationsPerTurn} operations.
 */
export function makeSysfsReader(root: string): SysfsReader {
  const chunk = Buffer.allocUnsafe(chunkBytes);
  const locate = root === "/" ? (path: string): string => `/${path}` : makeLocator(root);
  let operations = 0;
  const takeTurn = async (): Promise<void> => {
    operations += 1;
    if (operations % readerLimits.operationsPerTurn === 0) await setImmediate();
  };
  return {
    async read(path) {
      await takeTurn();
      const reading = readBytes(locate, path, chunk);
      if (reading.state !== "present") return reading;
      return { state: "present", text: Buffer.from(reading.bytes).toString("utf8") };
    },
    async readBinary(path) {
      await takeTurn();
      return readBytes(locate, path, chunk);
    },
    async list(path) {
      await takeTurn();
      return listNames(locate, path);
    },
  };
}

/** The real path of a file below the root; throws as realpath(2), or where it leads out of the root. */
type Locate = (path: string) => string;

function makeLocator(root: string): Locate {
  const realRoot = realpathSync.native(root);
  const realDirectories = new Map<string, string>();
  const check = (real: string): string => {
    if (real === realRoot || real.startsWith(`${realRoot}/`)) return real;
    throw Object.assign(new Error("outside"), { code: outsideCode });
  };
  return (path) => {
    const directory = join(realRoot, dirname(path));
    const known = realDirectories.get(directory) ?? check(realpathSync.native(directory));
    realDirectories.set(directory, known);
    const file = join(known, basename(path));
    const isLink = lstatSync(file).isSymbolicLink();
    return isLink ? check(realpathSync.native(file)) : file;
  };
}

function readBytes(locate: Locate, path: string, chunk: Buffer): BinaryReading {
  const limit = path === "proc/cpuinfo" ? readerLimits.cpuinfoBytes : readerLimits.fileBytes;
  let descriptor: number | undefined;
  try {
    // Without O_NONBLOCK a captured tree could hold a FIFO, whose opening never ends.
    descriptor = openSync(locate(path), constants.O_RDONLY | constants.O_NONBLOCK);
    return readAll(descriptor, chunk, limit);
  } catch (error) {
    return toFailure(error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function readAll(descriptor: number, chunk: Buffer, limit: number): BinaryReading {
  const pieces: Buffer[] = [];
  let total = 0;
  for (;;) {
    // procfs answers in pieces of about a page: only an empty one is the end.
    const count = readSync(descriptor, chunk, 0, chunk.length, null);
    if (count === 0) return { state: "present", bytes: Buffer.concat(pieces) };
    total += count;
    if (total > limit) return { state: "failed", reason: `is longer than ${limit} bytes` };
    pieces.push(Buffer.from(chunk.subarray(0, count)));
  }
}

/** A missing file or directory says nothing; ENODEV and ENXIO are a device that is not there. */
const absentCodes = new Set(["ENOENT", "ENOTDIR", "ENODEV", "ENXIO"]);

const outsideCode = "OUTSIDE";

const reasonByCode: Readonly<Record<string, string>> = {
  [outsideCode]: "is a link that leads out of the tree",
  EISDIR: "is a directory where a file was expected",
  EACCES: "may not be read by this user",
  EPERM: "may not be read by this user",
  ELOOP: "is a loop of links",
};

function toFailure(error: unknown): BinaryReading {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
  if (absentCodes.has(code)) return { state: "absent" };
  return { state: "failed", reason: reasonByCode[code] ?? `cannot be read (${code})` };
}

function listNames(locate: Locate, path: string): readonly string[] | null {
  try {
    return readdirSync(locate(path)).slice(0, readerLimits.directoryEntries).sort();
  } catch {
    // No listing is an answer here: every caller treats it as "none of these exist".
    return null;
  }
}
