import { mkdir, open, readdir, readFile, rename, rm, unlink } from "node:fs/promises";

/**
 * What the spool needs of a disk, in the semantics of POSIX: bytes are on it once their file was synced,
 * names once their directory was. Errors carry `code`, as Node's do.
 */
export interface Disk {
  makeDirectory(directory: string): Promise<void>;
  list(directory: string): Promise<readonly string[]>;
  /** All of a file, or a part of it, in bytes; less where the file ends before. */
  read(file: string, part?: FilePart): Promise<Buffer>;
  /** Creates a file, which must not exist. */
  create(file: string): Promise<NewFile>;
  /** Of a file or a directory. */
  sync(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  unlink(file: string): Promise<void>;
  /** As `unlink`; an absent file is no error. */
  remove(file: string): Promise<void>;
}

export interface FilePart {
  readonly at: number;
  readonly length: number;
}

export interface NewFile {
  writeFile(bytes: Buffer): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** This host's file systems; only our own user may read what is made there. */
export const nodeDisk: Disk = {
  makeDirectory: async (directory) => {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  },
  list: (directory) => readdir(directory),
  read: (file, part) => (part === undefined ? readFile(file) : readPart(file, part)),
  create: (file) => open(file, "wx", 0o600),
  sync: async (path) => {
    const handle = await open(path, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  rename,
  unlink,
  remove: (file) => rm(file, { force: true }),
};

async function readPart(file: string, { at, length }: FilePart): Promise<Buffer> {
  const handle = await open(file, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, at);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
