import { join } from "node:path";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import type { LaunchResult } from "../../shared/domain/result.ts";
import { type Disk, nodeDisk } from "./disk.ts";
import { DurableFiles } from "./durable-files.ts";
import { decodeRecord, encodeRecord } from "./spool-record.ts";

/**
 * Results that the coordinator has not released: what a host measured outlives the agent, the network
 * and the bus. One file a result, so that a crash can tear only the one being written.
 *
 * Invariants, each the name of a test in spool.test.ts:
 * - Every put that resolved is there after any death.
 * - A torn record is moved aside and reported, never dropped.
 * - Only `remove` forgets.
 */
export interface Spool {
  /**
   * Resolves when the result is on the disk; again for an attempt that is there already.
   * @throws FleetsweepError spool.full (the bounds or the disk), store.failed (the disk),
   *   bus.rejected (no log would ever take the result). Nothing is kept then.
   */
  put(result: LaunchResult): Promise<void>;
  /** Attempt ids of all that is kept, in the order in which they were put. */
  pending(): readonly string[];
  /**
   * The result of an attempt, undefined where it is not kept (any more).
   * @throws FleetsweepError spool.corrupt where the record was damaged; it is moved aside.
   */
  read(attemptId: string): Promise<LaunchResult | undefined>;
  /** Forgets released attempts; unknown ones are no error. */
  remove(attemptIds: readonly string[]): Promise<void>;
  readonly depth: number;
  readonly sizeBytes: number;
  /** What was moved aside when the spool was opened. */
  readonly torn: readonly TornRecord[];
}

interface TornRecord {
  readonly file: string;
  readonly reason: string;
}

export interface SpoolLimits {
  readonly maxRecords: number;
  readonly maxBytes: number;
}

/** A gigabyte holds days of a host's launches with raw samples. */
const spoolLimits: SpoolLimits = { maxRecords: 100_000, maxBytes: 1024 ** 3 };

const suffix = ".result";
const tornDirectory = "torn";
const orderDigits = 12;

/** @throws FleetsweepError state.unusable where the directory cannot be made, read or written. */
export async function openSpool(
  directory: string,
  { limits = spoolLimits, disk = nodeDisk }: { limits?: SpoolLimits; disk?: Disk } = {},
): Promise<Spool> {
  try {
    await disk.makeDirectory(join(directory, tornDirectory));
    const spool = new DirectorySpool(directory, limits, disk);
    await spool.load();
    return spool;
  } catch (error) {
    throw new FleetsweepError(
      "state.unusable",
      `the spool ${directory} cannot be used: ${String(error)}`,
      { cause: error },
    );
  }
}

interface Kept {
  readonly name: string;
  readonly bytes: number;
  /** Settles when the record is on the disk, or is not kept after all. */
  readonly written: Promise<void>;
}

class DirectorySpool implements Spool {
  readonly torn: TornRecord[] = [];
  readonly #directory: string;
  readonly #limits: SpoolLimits;
  readonly #disk: Disk;
  readonly #files: DurableFiles;
  /** In the order of put. */
  readonly #kept = new Map<string, Kept>();
  #nextOrder = 1;
  #sizeBytes = 0;

  constructor(directory: string, limits: SpoolLimits, disk: Disk) {
    this.#directory = directory;
    this.#limits = limits;
    this.#disk = disk;
    this.#files = new DurableFiles(disk);
  }

  get depth(): number {
    return this.#kept.size;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  async load(): Promise<void> {
    const listed = await this.#disk.list(this.#directory);
    const names = listed.filter((name) => name.endsWith(suffix)).sort();
    for (const name of names) {
      this.#nextOrder = Math.max(this.#nextOrder, Number(name.slice(0, orderDigits)) + 1 || 1);
      const bytes = await this.#disk.read(join(this.#directory, name));
      const record = decodeRecord(bytes);
      if ("torn" in record) {
        this.torn.push(await this.#moveAside(name, record.torn));
      } else {
        this.#keep(record.result.attemptId, { name, bytes: bytes.length, written: done });
      }
    }
    // Whole, but perhaps not on the disk: who died while it wrote them cannot say.
    const kept = [...this.#kept.values()].map(({ name }) => name);
    await this.#files.settle(this.#directory, kept);
  }

  async put(result: LaunchResult): Promise<void> {
    const { attemptId } = result;
    const kept = this.#kept.get(attemptId);
    if (kept !== undefined) return kept.written;
    const bytes = encodeRecord(result);
    this.#refuseWhenFull(bytes.length);
    const name = `${String(this.#nextOrder).padStart(orderDigits, "0")}-${attemptId}${suffix}`;
    this.#nextOrder += 1;
    const written = this.#files
      .write(join(this.#directory, name), bytes)
      .catch((error: unknown) => {
        this.#forget(attemptId);
        throw toSpoolError(error, this.#directory);
      });
    this.#keep(attemptId, { name, bytes: bytes.length, written });
    await written;
  }

  pending(): readonly string[] {
    return [...this.#kept.keys()];
  }

  async read(attemptId: string): Promise<LaunchResult | undefined> {
    const kept = this.#kept.get(attemptId);
    if (kept === undefined) return undefined;
    await kept.written;
    const bytes = await this.#readIfThere(kept.name);
    if (bytes === undefined) return undefined;
    const record = decodeRecord(bytes);
    if ("result" in record) return record.result;
    this.#forget(attemptId);
    const { file, reason } = await this.#moveAside(kept.name, record.torn);
    throw new FleetsweepError("spool.corrupt", `the record ${file} was damaged: ${reason}`);
  }

  async remove(attemptIds: readonly string[]): Promise<void> {
    const names: string[] = [];
    for (const attemptId of attemptIds) {
      const kept = this.#kept.get(attemptId);
      if (kept === undefined) continue;
      await kept.written;
      names.push(kept.name);
      this.#forget(attemptId);
    }
    await this.#files.remove(this.#directory, names);
  }

  #keep(attemptId: string, kept: Kept): void {
    this.#kept.set(attemptId, kept);
    this.#sizeBytes += kept.bytes;
  }

  #forget(attemptId: string): void {
    this.#sizeBytes -= this.#kept.get(attemptId)?.bytes ?? 0;
    this.#kept.delete(attemptId);
  }

  #refuseWhenFull(bytes: number): void {
    const { maxRecords, maxBytes } = this.#limits;
    if (this.#kept.size < maxRecords && this.#sizeBytes + bytes <= maxBytes) return;
    throw new FleetsweepError(
      "spool.full",
      `the spool ${this.#directory} holds ${this.#kept.size} results in ${this.#sizeBytes} bytes, of at most ${maxRecords} in ${maxBytes}`,
    );
  }

  /** A release may come while the record is being read: that is no damage. */
  async #readIfThere(name: string): Promise<Buffer | undefined> {
    try {
      return await this.#disk.read(join(this.#directory, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw toSpoolError(error, this.#directory);
    }
  }

  async #moveAside(name: string, reason: string): Promise<TornRecord> {
    const aside = join(this.#directory, tornDirectory);
    await this.#files.move(join(this.#directory, name), aside);
    return { file: join(aside, name), reason };
  }
}

const done = Promise.resolve();

function toSpoolError(error: unknown, directory: string): FleetsweepError {
  const { code } = error as NodeJS.ErrnoException;
  const full = code === "ENOSPC" || code === "EDQUOT";
  return new FleetsweepError(
    full ? "spool.full" : "store.failed",
    `writing to the spool ${directory} failed: ${String(error)}`,
    { cause: error },
  );
}
