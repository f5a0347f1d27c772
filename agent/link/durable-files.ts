import { open, rename, rm, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/**
 * Creates a file that is on the disk when the promise resolves: its bytes and its name. A file of that
 * name must not exist. After a failure nothing of it is left, as far as the disk still obeys.
 */
export async function writeDurably(file: string, bytes: Buffer): Promise<void> {
  try {
    const handle = await open(file, "wx", 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await syncDirectory(dirname(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") await rm(file, { force: true });
    throw error;
  }
}

/** Removes files of one directory, for good when the promise resolves; absent ones are no error. */
export async function removeDurably(directory: string, names: readonly string[]): Promise<void> {
  for (const name of names) await unlinkIfThere(join(directory, name));
  if (names.length > 0) await syncDirectory(directory);
}

/** Moves a file into another directory, for good when the promise resolves. */
export async function moveDurably(file: string, directory: string): Promise<void> {
  await rename(file, join(directory, basename(file)));
  await syncDirectory(directory);
  await syncDirectory(dirname(file));
}

interface DirectorySync {
  readonly running: Promise<void>;
  /** Begins when `running` has ended; whoever came meanwhile shares it. */
  next: Promise<void> | null;
}

const syncs = new Map<string, DirectorySync>();

/**
 * Names are on the disk only once their directory is (fsync(2)). A sync that runs already may have
 * begun before our name was there, so it does not count; the one after it serves all who wait.
 */
function syncDirectory(directory: string): Promise<void> {
  const sync = syncs.get(directory);
  if (sync === undefined) return beginSync(directory);
  sync.next ??= sync.running.then(
    () => beginSync(directory),
    () => beginSync(directory),
  );
  return sync.next;
}

function beginSync(directory: string): Promise<void> {
  const running = syncOnce(directory).finally(() => {
    if (syncs.get(directory)?.running === running) syncs.delete(directory);
  });
  syncs.set(directory, { running, next: null });
  return running;
}

async function syncOnce(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function unlinkIfThere(file: string): Promise<void> {
  try {
    await unlink(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
