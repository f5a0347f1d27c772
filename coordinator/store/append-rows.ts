import {
  BIGINT,
  BLOB,
  BOOLEAN,
  blobValue,
  DOUBLE,
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBValue,
  VARCHAR,
} from "@duckdb/node-api";
import type { Steps } from "../../shared/domain/steps.ts";
import { doInTurns } from "../../shared/runtime/do-in-turns.ts";
import { type AddRow, addRows, type ProjectedEntry } from "./rows.ts";
import { type ColumnType, type ColumnValue, type Table, type TableName, tables } from "./tables.ts";

type Row = Readonly<Record<string, ColumnValue>>;

/** Rows that are made, or handed over, before everything else that waits has its turn: some 10 ms. */
const rowsPerStep = 1_024;

/**
 * Appends the entries' rows inside the connection's open transaction, column by column: handing every value over by
 * itself took a third longer. The plan of a fleet has tens of thousands of rows, which hold nothing else up.
 */
export async function appendEntries(
  connection: DuckDBConnection,
  entries: readonly ProjectedEntry[],
): Promise<void> {
  for (const [table, rows] of await doInTurns(makeRows(entries))) {
    const appender = await connection.createAppender(table);
    await doInTurns(appendRows(appender, tables[table], rows));
    appender.closeSync();
  }
}

type RowsByTable = ReadonlyMap<TableName, readonly Row[]>;

function* makeRows(entries: readonly ProjectedEntry[]): Steps<RowsByTable> {
  const rows = new Map<TableName, Row[]>();
  let made = 0;
  const add: AddRow = (table, row) => {
    const others = rows.get(table);
    if (others === undefined) rows.set(table, [row]);
    else others.push(row);
    made += 1;
  };
  for (const entry of entries) {
    const parts = addRows(entry, add);
    do {
      if (made < rowsPerStep) continue;
      made = 0;
      yield;
    } while (parts.next().done !== true);
  }
  return rows;
}

function* appendRows(appender: DuckDBAppender, table: Table, rows: readonly Row[]): Steps<void> {
  for (let start = 0; start < rows.length; start += rowsPerStep) {
    if (start > 0) yield;
    appendChunk(appender, table, rows.slice(start, start + rowsPerStep));
    appender.flushSync();
  }
}

function appendChunk(appender: DuckDBAppender, table: Table, rows: readonly Row[]): void {
  const columns = Object.entries(table);
  const types = columns.map(([, type]) => columnTypes[type].type);
  const chunk = DuckDBDataChunk.create(types, rows.length);
  for (const [index, [column, type]] of columns.entries()) {
    const { toValue } = columnTypes[type];
    const vector = chunk.getColumnVector(index);
    for (const [at, row] of rows.entries()) {
      const value = row[column] ?? null;
      vector.setItem(at, value === null ? null : toValue(value));
    }
    vector.flush();
  }
  appender.appendDataChunk(chunk);
}

const asIs = (value: ColumnValue): DuckDBValue => value as string | number | boolean;

const columnTypes = {
  BIGINT: { type: BIGINT, toValue: (value) => BigInt(value as number | string) },
  DOUBLE: { type: DOUBLE, toValue: asIs },
  BOOLEAN: { type: BOOLEAN, toValue: asIs },
  BLOB: { type: BLOB, toValue: (value) => blobValue(value as Uint8Array) },
  VARCHAR: { type: VARCHAR, toValue: asIs },
} as const satisfies Record<
  ColumnType,
  { readonly type: unknown; readonly toValue: (value: ColumnValue) => DuckDBValue }
>;
