import { dirname } from "node:path";
import type { Disk } from "../../agent/link/disk.ts";
import type { Chance } from "./chance.ts";
import type { Scheduler } from "./scheduler.ts";
import type { SimProcess } from "./sim-process.ts";

interface Inode {
  bytes: Buffer;
  /** What a loss of power leaves for sure; null before the first sync. */
  synced: Buffer | null;
}

/**
 * A disk in memory, with no more than POSIX promises: a loss of power keeps what was synced, and of the
 * rest any part. It outlives the programs that use it.
 */
export class SimDisk {
  /** Every write fails with ENOSPC. */
  full = false;
  /** Every sync fails with EIO. */
  failing = false;
  readonly #scheduler: Scheduler;
  readonly #chance: Chance;
  #names = new Map<string, Inode>();
  #syncedNames = new Map<string, Inode>();
  #power = 0;

  constructor(scheduler: Scheduler, chance: Chance) {
    this.#scheduler = scheduler;
    this.#chance = chance;
  }

  /** The disk as one program uses it. */
  usedBy(process: SimProcess): Disk {
    const act = <Value>(change: () => Value) => this.#act(process, change);
    return {
      makeDirectory: () => act(() => {}),
      list: (directory) => act(() => this.#list(directory)),
      read: (file, part) =>
        act(() => {
          const bytes = this.#read(file);
          return part === undefined ? bytes : bytes.subarray(part.at, part.at + part.length);
        }),
      create: async (file) => {
        const inode = await act(() => this.#create(file));
        return {
          writeFile: (bytes) =>
            act(() => {
              this.#refuseWhenFull();
              inode.bytes = bytes;
            }),
          sync: () =>
            act(() => {
              if (this.failing) throw failure("EIO");
              inode.synced = inode.bytes;
            }),
          close: () => act(() => {}),
        };
      },
      sync: (path) => act(() => this.#sync(path)),
      rename: (from, to) => act(() => this.#rename(from, to)),
      unlink: (file) => act(() => this.#unlink(file)),
      remove: (file) =>
        act(() => {
          this.#names.delete(file);
        }),
    };
  }

  /** What is there for a program that looks, by path. */
  contents(): ReadonlyMap<string, Buffer> {
    return new Map([...this.#names].map(([file, { bytes }]) => [file, bytes]));
  }

  /** The power goes: what was synced stays, and of the rest whatever happened to be written. */
  losePower(): void {
    this.#power += 1;
    const names = new Map<string, Inode>();
    for (const file of new Set([...this.#names.keys(), ...this.#syncedNames.keys()])) {
      const [now, synced] = [this.#names.get(file), this.#syncedNames.get(file)];
      const survivor = now === synced || this.#chance.odds(0.5) ? now : synced;
      if (survivor !== undefined) names.set(file, this.#tear(survivor));
    }
    this.#names = names;
    this.#syncedNames = new Map(names);
  }

  #tear({ bytes, synced }: Inode): Inode {
    if (synced !== null && this.#chance.odds(0.5)) return { bytes: synced, synced };
    if (synced === bytes) return { bytes, synced };
    const torn = bytes.subarray(0, this.#chance.whole(0, bytes.length));
    return { bytes: torn, synced: torn };
  }

  /** The kernel carries out what was asked of it, whether or not the program lives to hear of it. */
  #act<Value>(process: SimProcess, change: () => Value): Promise<Value> {
    const power = this.#power;
    return new Promise((resolve, reject) => {
      this.#scheduler.after(this.#chance.between(0.02, 2), () => {
        if (this.#power !== power) return;
        try {
          const value = change();
          process.deliver(() => resolve(value));
        } catch (error) {
          process.deliver(() => reject(error));
        }
      });
    });
  }

  #list(directory: string): readonly string[] {
    const files = [...this.#names.keys()].filter((file) => dirname(file) === directory);
    return files.map((file) => file.slice(directory.length + 1));
  }

  #read(file: string): Buffer {
    const inode = this.#names.get(file);
    if (inode === undefined) throw failure("ENOENT");
    return inode.bytes;
  }

  #create(file: string): Inode {
    this.#refuseWhenFull();
    if (this.#names.has(file)) throw failure("EEXIST");
    const inode = { bytes: Buffer.alloc(0), synced: null };
    this.#names.set(file, inode);
    return inode;
  }

  #sync(path: string): void {
    if (this.failing) throw failure("EIO");
    const file = this.#names.get(path);
    if (file === undefined) this.#syncDirectory(path);
    else file.synced = file.bytes;
  }

  #syncDirectory(directory: string): void {
    for (const file of new Set([...this.#names.keys(), ...this.#syncedNames.keys()])) {
      if (dirname(file) !== directory) continue;
      const inode = this.#names.get(file);
      if (inode === undefined) this.#syncedNames.delete(file);
      else this.#syncedNames.set(file, inode);
    }
  }

  #rename(from: string, to: string): void {
    const inode = this.#names.get(from);
    if (inode === undefined) throw failure("ENOENT");
    this.#names.delete(from);
    this.#names.set(to, inode);
  }

  #unlink(file: string): void {
    if (!this.#names.delete(file)) throw failure("ENOENT");
  }

  #refuseWhenFull(): void {
    if (this.full) throw failure("ENOSPC");
  }
}

function failure(code: string): Error {
  return Object.assign(new Error(`${code}: simulated`), { code });
}
