import type { DuckDBConnection } from "@duckdb/node-api";
import type { LogHead } from "../../shared/bus/log.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { GroupWriter } from "../../shared/runtime/group-writer.ts";
import type { ReportInput } from "../analysis/report-input.ts";
import type { Traces } from "../analysis/traces.ts";
import { appendEntries } from "./append-rows.ts";
import { type ExportRequest, exportTable, readAndRemove } from "./export-table.ts";
import { type Database, openDatabase } from "./open-database.ts";
import { type HostSnapshot, putHosts } from "./put-hosts.ts";
import { readAttempts } from "./read-attempts.ts";
import { type CellHistory, readHistory } from "./read-history.ts";
import { type ReadingScope, readReportInput } from "./read-report-input.ts";
import { readSamples } from "./read-samples.ts";
import { readTraces } from "./read-traces.ts";
import type { ProjectedEntry } from "./rows.ts";
import { type QueryResult, runQuery } from "./run-query.ts";

/**
 * The log as tables, for reports and exports. Deleting the file loses nothing but the hosts' last facts,
 * which come again with their next connection: folding the log gives the same rows.
 */
export interface Projection {
  /** The last entry whose rows are on the disk; 0 for none. */
  readonly cursor: number;
  /** When the log's server stored that entry: with its number its identity. Null where not known. */
  readonly cursorStoredAt: string | null;
  /**
   * Ties the file to one log.
   * @throws FleetsweepError state.unusable where it was made from another one, or from more than it holds.
   */
  bindLog(head: LogHead): Promise<void>;
  /**
   * Adds the rows of these entries and moves the cursor in one transaction, fsynced when this resolves.
   * Entries up to the cursor are skipped, so a batch may be repeated.
   * @throws FleetsweepError store.failed (retryable: nothing of the batch is kept).
   */
  apply(entries: readonly ProjectedEntry[]): Promise<void>;
  putHost(host: HostSnapshot): Promise<void>;
  /** Every attempt of a host at a shard that is on the disk, counted or not. */
  attemptsOf(
    shard: { readonly sweepId: string; readonly shardId: string },
    hostId: string,
  ): Promise<readonly string[]>;
  /** @throws FleetsweepError sweep.not_found */
  readReportInput(sweepId: string, scope?: ReadingScope): Promise<ReportInput>;
  /** What pictures show below the level of a cell; empty for a sweep that is not there. */
  readTraces(sweepId: string): Promise<Traces>;
  /** Durations in ns of each instance of a counted or orphaned attempt. */
  readSamples(attemptId: string): Promise<readonly (readonly number[])[]>;
  /**
   * Rows of one statement of an operator, beside whatever is written meanwhile.
   * @throws FleetsweepError query.refused; see runQuery.
   */
  query(sql: string, maxRows: number, signal: AbortSignal): Promise<QueryResult>;
  /** A table of a sweep as a file, in pieces. @throws FleetsweepError sweep.not_found */
  export(request: ExportRequest, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** Launch medians of the cells of a sweep in every sweep that has them, by host and cell. */
  readHistory(sweepId: string): Promise<readonly CellHistory[]>;
  close(): Promise<void>;
}

/** @throws FleetsweepError state.locked, state.unusable; see openDatabase. */
export async function openProjection(file: string): Promise<Projection> {
  const database = await openDatabase(file);
  const meta = await database.connection.runAndReadAll(
    "SELECT cursor_seq, cursor_stored_at FROM meta",
  );
  const { cursor_seq: cursor, cursor_stored_at: storedAt } = meta.getRowObjectsJS()[0] ?? {};
  return new DuckDbProjection(database, Number(cursor ?? 0), (storedAt ?? null) as string | null);
}

/** Hosts of one transaction; what reads and writes the projection meanwhile waits for it. */
const maxHostsAtOnce = 256;

class DuckDbProjection implements Projection {
  readonly #database: Database;
  #cursor: number;
  #cursorStoredAt: string | null;
  /** One transaction at a time: DuckDB has one a connection. */
  #last: Promise<unknown> = Promise.resolve();
  #lastRead: Promise<unknown> = Promise.resolve();
  #lastSnapshot: Promise<unknown> = Promise.resolve();
  readonly #hosts = new GroupWriter<HostSnapshot>({
    write: (hosts) => this.#writeHosts(hosts),
    maxItems: maxHostsAtOnce,
  });

  constructor(database: Database, cursor: number, cursorStoredAt: string | null) {
    this.#database = database;
    this.#cursor = cursor;
    this.#cursorStoredAt = cursorStoredAt;
  }

  get cursor(): number {
    return this.#cursor;
  }

  get cursorStoredAt(): string | null {
    return this.#cursorStoredAt;
  }

  bindLog(head: LogHead): Promise<void> {
    return this.#alone(async () => {
      const { connection } = this.#database;
      const meta = await connection.runAndReadAll("SELECT log_created_at FROM meta");
      const known = meta.getRowObjectsJS()[0]?.["log_created_at"] as string | null;
      if ((known ?? head.createdAt) !== head.createdAt || this.#cursor > head.lastSeq) {
        throw new FleetsweepError(
          "state.unusable",
          `the projection was made from ${this.#cursor} entries of the log of ${known}, but the log of ${head.createdAt} has ${head.lastSeq}; delete the file to build it from that one`,
        );
      }
      await connection.run("UPDATE meta SET log_created_at = $1", [head.createdAt]);
    });
  }

  apply(entries: readonly ProjectedEntry[]): Promise<void> {
    return this.#alone(async () => {
      const fresh = entries.filter((entry) => entry.seq > this.#cursor);
      const last = fresh.at(-1);
      if (last === undefined) return;
      const { connection } = this.#database;
      await this.#inTransaction(async () => {
        await appendEntries(connection, fresh);
        await connection.run("UPDATE meta SET cursor_seq = $1, cursor_stored_at = $2", [
          BigInt(last.seq),
          last.storedAt ?? null,
        ]);
      });
      this.#cursor = last.seq;
      this.#cursorStoredAt = last.storedAt ?? null;
    });
  }

  putHost(host: HostSnapshot): Promise<void> {
    return this.#hosts.add(host);
  }

  /** Of a fleet that comes back at once thousands are to be kept: together they take one sync. */
  #writeHosts(hosts: readonly HostSnapshot[]): Promise<void> {
    return this.#alone(() => this.#inTransaction(() => putHosts(this.#database.connection, hosts)));
  }

  attemptsOf(
    shard: { readonly sweepId: string; readonly shardId: string },
    hostId: string,
  ): Promise<readonly string[]> {
    return this.#alone(() => readAttempts(this.#database.connection, { ...shard, hostId }));
  }

  readReportInput(sweepId: string, scope?: ReadingScope): Promise<ReportInput> {
    return this.#snapshot((connection) => readReportInput(connection, sweepId, scope));
  }

  readTraces(sweepId: string): Promise<Traces> {
    return this.#snapshot((connection) => readTraces(connection, sweepId));
  }

  readSamples(attemptId: string): Promise<readonly (readonly number[])[]> {
    return this.#alone(() => readSamples(this.#database.connection, attemptId));
  }

  query(sql: string, maxRows: number, signal: AbortSignal): Promise<QueryResult> {
    return this.#reading(() => runQuery(this.#database.reader, { sql, maxRows }, signal));
  }

  async *export(request: ExportRequest, signal: AbortSignal): AsyncIterable<Uint8Array> {
    const { reader, exportDirectory } = this.#database;
    const file = await this.#reading(() => exportTable(reader, exportDirectory, request));
    yield* readAndRemove(file, signal);
  }

  readHistory(sweepId: string): Promise<readonly CellHistory[]> {
    return this.#reading(() => readHistory(this.#database.reader, sweepId));
  }

  /** Several statements over one state of the tables, on a connection of their own: writing goes on meanwhile. */
  #snapshot<Value>(work: (connection: DuckDBConnection) => Promise<Value>): Promise<Value> {
    const turn = this.#lastSnapshot
      .then(async () => {
        const connection = await this.#database.instance.connect();
        try {
          await connection.run("BEGIN TRANSACTION READ ONLY");
          return await work(connection);
        } finally {
          connection.closeSync();
        }
      })
      .catch((error: unknown) => {
        throw toStoreError(error);
      });
    this.#lastSnapshot = turn.catch(() => undefined);
    return turn;
  }

  /** One statement at a time on the operators' connection. */
  #reading<Value>(work: () => Promise<Value>): Promise<Value> {
    const turn = this.#lastRead.then(work).catch((error: unknown) => {
      throw toStoreError(error);
    });
    this.#lastRead = turn.catch(() => undefined);
    return turn;
  }

  close(): Promise<void> {
    return this.#alone(async () => {
      await Promise.all([this.#lastRead, this.#lastSnapshot]);
      this.#database.reader.closeSync();
      this.#database.connection.closeSync();
      this.#database.instance.closeSync();
    });
  }

  async #inTransaction(work: () => Promise<void>): Promise<void> {
    const { connection } = this.#database;
    await connection.run("BEGIN");
    try {
      await work();
      await connection.run("COMMIT");
    } catch (error) {
      // A failed COMMIT has rolled back already, and then ROLLBACK says that there is nothing to do.
      await connection.run("ROLLBACK").catch(() => undefined);
      throw error;
    }
  }

  #alone<Value>(work: () => Promise<Value>): Promise<Value> {
    const turn = this.#last.then(work).catch((error: unknown) => {
      throw toStoreError(error);
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

function toStoreError(error: unknown): FleetsweepError {
  if (error instanceof FleetsweepError) return error;
  return new FleetsweepError("store.failed", `the projection failed: ${String(error)}`, {
    cause: error,
  });
}
