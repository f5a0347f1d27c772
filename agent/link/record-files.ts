import { join } from "node:path";
import type { Disk } from "./disk.ts";
import { DurableFiles } from "./durable-files.ts";
import { decodeRecords, joinRecords } from "./spool-record.ts";

/** A file of records that were put together. It is written once, and goes when none is live any more. */
export interface RecordFile {
  readonly name: string;
  /** Attempt ids of the records that are kept. */
  readonly live: Set<string>;
}

/** Where a record stands. */
export interface RecordPlace {
  readonly file: RecordFile;
  readonly at: number;
  readonly length: number;
}

export interface TornRecord {
  readonly file: string;
  readonly reason: string;
}

interface LoadedFile {
  readonly file: RecordFile;
  readonly records: readonly (RecordPlace & { readonly attemptId: string })[];
  /** Why a part of it cannot be read; null where all can. */
  readonly torn: string | null;
}

interface NewRecord {
  readonly attemptId: string;
  readonly bytes: Buffer;
}

const suffix = ".result";
const tornDirectory = "torn";
const orderDigits = 12;

/** The files of the spool: named in the order in which they were written, and by their first attempt. */
export class RecordFiles {
  readonly #directory: string;
  readonly #disk: Disk;
  readonly #files: DurableFiles;
  #nextOrder = 1;

  constructor(directory: string, disk: Disk) {
    this.#directory = directory;
    this.#disk = disk;
    this.#files = new DurableFiles(disk);
  }

  /** Everything that is there, the oldest first. */
  async *load(): AsyncGenerator<LoadedFile> {
    await this.#disk.makeDirectory(join(this.#directory, tornDirectory));
    const listed = await this.#disk.list(this.#directory);
    const names = listed.filter((name) => name.endsWith(suffix)).sort();
    const last = Number(names.at(-1)?.slice(0, orderDigits));
    this.#nextOrder = Math.max(this.#nextOrder, last + 1 || 1);
    for (const name of names) yield this.#decode(name, await this.#disk.read(this.#path(name)));
  }

  #decode(name: string, bytes: Buffer): LoadedFile {
    const file: RecordFile = { name, live: new Set() };
    const placed = decodeRecords(bytes);
    const records = placed.flatMap((one) =>
      "result" in one
        ? [{ file, at: one.at, length: one.length, attemptId: one.result.attemptId }]
        : [],
    );
    const reasons = placed.flatMap((one) => ("torn" in one ? [one.torn] : []));
    const [reason = ""] = reasons;
    const which = placed.length > 1 ? `${reasons.length} of ${placed.length} records: ` : "";
    return { file, records, torn: reasons.length > 0 ? which + reason : null };
  }

  /** A new file, durable when this resolves; nothing of it is left where it rejects. */
  async write(records: readonly NewRecord[]): Promise<readonly RecordPlace[]> {
    const order = String(this.#nextOrder).padStart(orderDigits, "0");
    this.#nextOrder += 1;
    const name = `${order}-${records[0]?.attemptId}${suffix}`;
    const { bytes, at } = joinRecords(records.map((record) => record.bytes));
    await this.#files.write(this.#path(name), bytes);
    const file = { name, live: new Set(records.map(({ attemptId }) => attemptId)) };
    return records.map((record, n) => ({ file, at: at[n] ?? 0, length: record.bytes.length }));
  }

  /** A record's bytes; undefined where its file is not there (any more). */
  async read({ file, at, length }: RecordPlace): Promise<Buffer | undefined> {
    try {
      return await this.#disk.read(this.#path(file.name), { at, length });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }

  remove(files: readonly RecordFile[]): Promise<void> {
    return this.#files.remove(
      this.#directory,
      files.map(({ name }) => name),
    );
  }

  /** Keeps a damaged file where nobody takes it for a whole one. */
  async setAside({ name }: RecordFile, reason: string): Promise<TornRecord> {
    const aside = join(this.#directory, tornDirectory);
    await this.#files.move(this.#path(name), aside);
    return { file: join(aside, name), reason };
  }

  settle(files: Iterable<RecordFile>): Promise<void> {
    const names = [...files].map(({ name }) => name);
    return this.#files.settle(this.#directory, names);
  }

  #path(name: string): string {
    return join(this.#directory, name);
  }
}
