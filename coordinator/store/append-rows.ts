import type { DuckDBAppender, DuckDBConnection } from "@duckdb/node-api";
import { addRows, type ProjectedEntry } from "./rows.ts";
import { type ColumnType, type ColumnValue, type Table, type TableName, tables } from "./tables.ts";

/** Appends the entries' rows inside the connection's open transaction. */
export async function appendEntries(
  connection: DuckDBConnection,
  entries: readonly ProjectedEntry[],
): Promise<void> {
  const rows = new Map<TableName, Readonly<Record<string, ColumnValue>>[]>();
  for (const entry of entries) {
    addRows(entry, (table, row) => {
      const others = rows.get(table);
      if (others === undefined) rows.set(table, [row]);
      else others.push(row);
    });
  }
  for (const [table, tableRows] of rows) {
    const appender = await connection.createAppender(table);
    for (const row of tableRows) appendRow(appender, tables[table], row);
    appender.closeSync();
  }
}

function appendRow(
  appender: DuckDBAppender,
  table: Table,
  row: Readonly<Record<string, ColumnValue>>,
): void {
  for (const [column, type] of Object.entries(table)) {
    appendValue(appender, type, row[column] ?? null);
  }
  appender.endRow();
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
