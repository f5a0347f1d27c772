import { basename, dirname, join } from "node:path";
import type { Disk } from "./disk.ts";

interface DirectorySync {
  readonly running: Promise<void>;
  /** Begins when `running` has ended; whoever came meanwhile shares it. */
  next: Promise<void> | null;
}

/** Files of which each change is on the disk, for good, when its promise resolves. */
export class DurableFiles {
  readonly #disk: Disk;
  readonly #syncs = new Map<string, DirectorySync>();

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  /**
   * Creates a file: its bytes and its name. A file of that name must not exist. After a failure nothing
   * of it is left, as far as the disk still obeys.
   */
  async write(file: string, bytes: Buffer): Promise<void> {
    try {
      const handle = await this.#disk.create(file);
      try {
        await handle.writeFile(bytes);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await this.#syncDirectory(dirname(file));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") await this.#disk.remove(file);
      throw error;
    }
  }

  /** Makes sure of files of one directory that a program may have left half way when it died. */
  async settle(directory: string, names: readonly string[]): Promise<void> {
    for (const name of names) await this.#disk.sync(join(directory, name));
    if (names.length > 0) await this.#syncDirectory(directory);
  }

  /** Removes files of one directory; absent ones are no error. */
  async remove(directory: string, names: readonly string[]): Promise<void> {
    for (const name of names) await this.#unlinkIfThere(join(directory, name));
    if (names.length > 0) await this.#syncDirectory(directory);
  }

  /** Moves a file into another directory. */
  async move(file: string, directory: string): Promise<void> {
    await this.#disk.rename(file, join(directory, basename(file)));
    await this.#syncDirectory(directory);
    await this.#syncDirectory(dirname(file));
  }

  /**
   * Names are on the disk only once their directory is (fsync(2)). A sync that runs already may have
   * begun before our name was there, so it does not count; the one after it serves all who wait.
   */
  #syncDirectory(directory: string): Promise<void> {
    const sync = this.#syncs.get(directory);
    if (sync === undefined) return this.#beginSync(directory);
    sync.next ??= sync.running.then(
      () => this.#beginSync(directory),
      () => this.#beginSync(directory),
    );
    return sync.next;
  }

  #beginSync(directory: string): Promise<void> {
    const running = this.#disk.sync(directory).finally(() => {
      if (this.#syncs.get(directory)?.running === running) this.#syncs.delete(directory);
    });
    this.#syncs.set(directory, { running, next: null });
    return running;
  }

  async #unlinkIfThere(file: string): Promise<void> {
    try {
      await this.#disk.unlink(file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
}
