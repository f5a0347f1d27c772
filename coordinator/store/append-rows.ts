import type { DuckDBAppender, DuckDBConnection } from "@duckdb/node-api";
import type { Steps } from "../../shared/domain/steps.ts";
import { doInTurns } from "../../shared/runtime/do-in-turns.ts";
import { type AddRow, addRows, type ProjectedEntry } from "./rows.ts";
import { type ColumnType, type ColumnValue, type Table, type TableName, tables } from "./tables.ts";

type Row = Readonly<Record<string, ColumnValue>>;

/** Rows that are made, or handed over, before everything else that waits has its turn: some 10 ms. */
const rowsPerStep = 1_024;

/**
 * Appends the entries' rows inside the connection's open transaction. The plan of a fleet has tens of thousands of
 * them, which hold nothing else up. By columns, with data chunks, it takes some fifth longer.
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
  const columns = Object.entries(table);
  for (const [at, row] of rows.entries()) {
    if (at > 0 && at % rowsPerStep === 0) yield;
    for (const [column, type] of columns) appendValue(appender, type, row[column] ?? null);
    appender.endRow();
  }
}

function appendValue(appender: DuckDBAppender, type: ColumnType, value: ColumnValue): void {
  if (value === null) return appender.appendNull();
  switch (type) {
    case "BIGINT":
      return appender.appendBigInt(BigInt(value as number | string));
    case "DOUBLE":
      return appender.appendDouble(value as number);
    case "BOOLEAN":
      return appender.appendBoolean(value as boolean);
    case "BLOB":
      return appender.appendBlob(value as Uint8Array);
    case "VARCHAR":
      return appender.appendVarchar(value as string);
  }
}
