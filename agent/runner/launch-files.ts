import { readSync } from "node:fs";
import { type FileHandle, open, readdir } from "node:fs/promises";

/** Small files under /proc and /sys. */
export interface HostFiles {
  /** The text, or null where the file is absent or not readable. */
  readonly read: (path: string) => Promise<string | null>;
  /** The names in a directory, or none where it is absent. */
  readonly list: (path: string) => Promise<readonly string[]>;
}

/** The same for what is read while something is measured. */
export interface WatchedFiles extends HostFiles {
  /** Keeps a file open, to be read at once and at the least cost; null where it is absent or not readable. */
  readonly hold: (path: string) => Promise<HeldFile | null>;
}

/** A small file of /proc or /sys, whose text is made anew for every reading. */
export interface HeldFile {
  /** Null where it can no longer be read. */
  readonly text: () => string | null;
  readonly close: () => void;
}

export const nodeHostFiles: WatchedFiles = {
  read: (path) =>
    open(path, "r").then(
      (file) => readText(file),
      () => null,
    ),
  list: (path) => readdir(path).catch(() => []),
  hold: (path) =>
    open(path, "r").then(
      (file) => hold(file),
      () => null,
    ),
};

const reading = {
  /** The kernel gives most files of /proc a page at a time. */
  bytes: 16_384,
  /** As many reads as Node has threads for, and some that wait. */
  spareBuffers: 16,
} as const;

/**
 * Node's own readFile takes 64 KiB outside of its heap for each file of which the size is not known beforehand: of
 * the hundreds that a cell takes that is a collection of garbage every few cells, some of them in timed phases.
 */
const spareBuffers: Buffer[] = [];

async function readText(file: FileHandle): Promise<string | null> {
  const buffer = spareBuffers.pop() ?? Buffer.allocUnsafeSlow(reading.bytes);
  let text = "";
  try {
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, reading.bytes, null);
      if (bytesRead === 0) return text;
      text += buffer.toString("latin1", 0, bytesRead);
    }
  } catch {
    return null; // The process that it told of is gone.
  } finally {
    if (spareBuffers.length < reading.spareBuffers) spareBuffers.push(buffer);
    await file.close().catch(() => undefined);
  }
}

/** One value and its line end; what is longer is no file to be held. */
const heldBytes = 64;

function hold(file: FileHandle): HeldFile {
  const buffer = Buffer.alloc(heldBytes);
  return {
    text: () => {
      try {
        return buffer.toString("latin1", 0, readSync(file.fd, buffer, 0, heldBytes, 0));
      } catch {
        return null;
      }
    },
    close: () => {
      file.close().catch(() => undefined);
    },
  };
}
