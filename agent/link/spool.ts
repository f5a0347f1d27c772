import type { EncodedEvent } from "../../shared/bus/log-codec.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import type { LaunchResult } from "../../shared/domain/result.ts";
import { GroupWriter } from "../../shared/runtime/group-writer.ts";
import { type Disk, nodeDisk } from "./disk.ts";
import { FreshMessages } from "./fresh-messages.ts";
import { type RecordFile, RecordFiles, type RecordPlace, type TornRecord } from "./record-files.ts";
import { decodeRecord, encodeRecord, readMessage, type SpoolRecord } from "./spool-record.ts";

/**
 * Results that the coordinator has not released: what a host measured outlives the agent, the network
 * and the bus. What is put together stands in one file, which is written once and never added to: a crash
 * can tear only the one being written.
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
  /** The same as it is to stand in the log, undecoded. */
  message(attemptId: string): Promise<EncodedEvent | undefined>;
  /** Forgets released attempts; unknown ones are no error. */
  remove(attemptIds: readonly string[]): Promise<void>;
  readonly depth: number;
  readonly sizeBytes: number;
  /** What was moved aside when the spool was opened. */
  readonly torn: readonly TornRecord[];
}

export interface SpoolLimits {
  readonly maxRecords: number;
  readonly maxBytes: number;
}

/** A gigabyte holds days of a host's launches with raw samples. */
const spoolLimits: SpoolLimits = { maxRecords: 100_000, maxBytes: 1024 ** 3 };

/** Results of one file: a launch has at most a shard's cells, and one that is released alone is rewritten. */
const maxGroup = 64;

/** @throws FleetsweepError state.unusable where the directory cannot be made, read or written. */
export async function openSpool(
  directory: string,
  { limits = spoolLimits, disk = nodeDisk }: { limits?: SpoolLimits; disk?: Disk } = {},
): Promise<Spool> {
  try {
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
  /** Null until it is written. */
  place: RecordPlace | null;
  readonly bytes: number;
  /** Settles when the record is on the disk, or is not kept after all. */
  readonly written: Promise<void>;
}

interface Put {
  readonly attemptId: string;
  readonly record: SpoolRecord;
}

class DirectorySpool implements Spool {
  readonly torn: TornRecord[] = [];
  readonly #directory: string;
  readonly #limits: SpoolLimits;
  readonly #files: RecordFiles;
  readonly #writer: GroupWriter<Put>;
  readonly #fresh = new FreshMessages();
  /** In the order of put. */
  readonly #kept = new Map<string, Kept>();
  #sizeBytes = 0;
  /** Files are replaced one at a time. */
  #lastChange: Promise<void> = Promise.resolve();

  constructor(directory: string, limits: SpoolLimits, disk: Disk) {
    this.#directory = directory;
    this.#limits = limits;
    this.#files = new RecordFiles(directory, disk);
    this.#writer = new GroupWriter({ write: (puts) => this.#write(puts), maxItems: maxGroup });
  }

  get depth(): number {
    return this.#kept.size;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  async load(): Promise<void> {
    for await (const { file, records, torn } of this.#files.load()) {
      for (const { attemptId, ...place } of records) {
        // Its file was being replaced when the agent died.
        if (this.#kept.has(attemptId)) continue;
        file.live.add(attemptId);
        this.#keep(attemptId, { place, bytes: place.length, written: done });
      }
      if (torn !== null) this.torn.push(await this.#setAside(file, torn));
      else if (file.live.size < records.length) await this.#withoutReleased(file);
    }
    // Whole, but perhaps not on the disk: who died while it wrote them cannot say.
    const places = [...this.#kept.values()].flatMap(({ place }) => place ?? []);
    await this.#files.settle(new Set(places.map(({ file }) => file)));
  }

  async put(result: LaunchResult): Promise<void> {
    const { attemptId } = result;
    const kept = this.#kept.get(attemptId);
    if (kept !== undefined) return kept.written;
    const record = encodeRecord(result);
    const bytes = record.bytes.length;
    this.#refuseWhenFull(bytes);
    const written = this.#writer.add({ attemptId, record });
    this.#keep(attemptId, { place: null, bytes, written });
    await written;
  }

  pending(): readonly string[] {
    return [...this.#kept.keys()];
  }

  async read(attemptId: string): Promise<LaunchResult | undefined> {
    const bytes = await this.#bytesOf(attemptId);
    if (bytes === undefined) return undefined;
    const record = decodeRecord(bytes);
    if ("result" in record) return record.result;
    throw await this.#damaged(attemptId, record.torn);
  }

  async message(attemptId: string): Promise<EncodedEvent | undefined> {
    await this.#kept.get(attemptId)?.written;
    const fresh = this.#fresh.take(attemptId);
    if (fresh !== undefined) return fresh;
    const bytes = await this.#bytesOf(attemptId);
    if (bytes === undefined) return undefined;
    const record = readMessage(bytes);
    if ("message" in record) return record.message;
    throw await this.#damaged(attemptId, record.torn);
  }

  remove(attemptIds: readonly string[]): Promise<void> {
    return this.#alone(async () => {
      const touched = new Set<RecordFile>();
      for (const attemptId of attemptIds) {
        const kept = this.#kept.get(attemptId);
        await kept?.written;
        if (kept?.place) touched.add(kept.place.file);
        this.#forget(attemptId);
      }
      await this.#files.remove([...touched].filter(({ live }) => live.size === 0));
      for (const file of touched) if (file.live.size > 0) await this.#withoutReleased(file);
    });
  }

  async #write(puts: readonly Put[]): Promise<void> {
    try {
      const places = await this.#files.write(
        puts.map(({ attemptId, record: { bytes } }) => ({ attemptId, bytes })),
      );
      for (const [n, { attemptId, record }] of puts.entries()) {
        this.#moved(attemptId, places[n]);
        this.#fresh.add(attemptId, record.message);
      }
    } catch (error) {
      for (const { attemptId } of puts) this.#forget(attemptId);
      throw toSpoolError(error, this.#directory);
    }
  }

  /** Its file may be replaced, or released with all its records, while it is read: that is no damage. */
  async #bytesOf(attemptId: string): Promise<Buffer | undefined> {
    for (;;) {
      const kept = this.#kept.get(attemptId);
      await kept?.written;
      const place = kept?.place ?? null;
      if (kept === undefined || place === null) return undefined;
      const bytes = await this.#read(place);
      if (bytes !== undefined || kept.place === place) return bytes;
    }
  }

  async #read(place: RecordPlace): Promise<Buffer | undefined> {
    try {
      return await this.#files.read(place);
    } catch (error) {
      throw toSpoolError(error, this.#directory);
    }
  }

  #keep(attemptId: string, kept: Kept): void {
    this.#kept.set(attemptId, kept);
    this.#sizeBytes += kept.bytes;
  }

  #moved(attemptId: string, place: RecordPlace | undefined): void {
    const kept = this.#kept.get(attemptId);
    if (kept !== undefined && place !== undefined) kept.place = place;
  }

  #forget(attemptId: string): void {
    const kept = this.#kept.get(attemptId);
    if (kept === undefined) return;
    this.#sizeBytes -= kept.bytes;
    this.#kept.delete(attemptId);
    this.#fresh.take(attemptId);
    kept.place?.file.live.delete(attemptId);
  }

  #refuseWhenFull(bytes: number): void {
    const { maxRecords, maxBytes } = this.#limits;
    if (this.#kept.size < maxRecords && this.#sizeBytes + bytes <= maxBytes) return;
    throw new FleetsweepError(
      "spool.full",
      `the spool ${this.#directory} holds ${this.#kept.size} results in ${this.#sizeBytes} bytes, of at most ${maxRecords} in ${maxBytes}`,
    );
  }

  /** The record is moved aside with its file; the others of the file stay. */
  async #damaged(attemptId: string, reason: string): Promise<FleetsweepError> {
    let aside = "";
    await this.#alone(async () => {
      const file = this.#kept.get(attemptId)?.place?.file;
      this.#forget(attemptId);
      if (file !== undefined) aside = (await this.#setAside(file, reason)).file;
    });
    return new FleetsweepError("spool.corrupt", `the record ${aside} was damaged: ${reason}`);
  }

  async #setAside(file: RecordFile, reason: string): Promise<TornRecord> {
    await this.#copyLive(file);
    return await this.#files.setAside(file, reason);
  }

  async #withoutReleased(file: RecordFile): Promise<void> {
    await this.#copyLive(file);
    await this.#files.remove([file]);
  }

  /** Copies are on the disk before the file goes: whoever dies in between leaves some records twice. */
  async #copyLive(file: RecordFile): Promise<void> {
    const records: { attemptId: string; bytes: Buffer }[] = [];
    for (const attemptId of file.live) {
      const place = this.#kept.get(attemptId)?.place ?? null;
      const bytes = place === null ? undefined : await this.#files.read(place);
      if (bytes !== undefined) records.push({ attemptId, bytes });
    }
    if (records.length === 0) return;
    const places = await this.#files.write(records);
    for (const [n, { attemptId }] of records.entries()) this.#moved(attemptId, places[n]);
  }

  #alone(change: () => Promise<void>): Promise<void> {
    const turn = this.#lastChange.then(change);
    this.#lastChange = turn.catch(() => {});
    return turn;
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
