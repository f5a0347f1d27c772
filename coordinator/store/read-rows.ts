import { type DuckDBConnection, JSDuckDBValueConverter } from "@duckdb/node-api";

export type ReadRow = Readonly<Record<string, unknown>>;

/** The rows of a query, by column; BIGINT columns come as bigint. */
export async function readRows(
  connection: DuckDBConnection,
  query: string,
  parameters: string[],
): Promise<readonly ReadRow[]> {
  const reader = await connection.runAndReadAll(query, parameters);
  return reader.getRowObjectsJS();
}

/**
 * The rows of a query one by one, as lists in the order of its columns; in memory is one piece of some
 * 2 000 rows. The row is only good until the next. Nothing else may run on the connection meanwhile.
 */
export async function eachRow(
  connection: DuckDBConnection,
  { query, parameters }: { readonly query: string; readonly parameters: string[] },
  take: (row: readonly unknown[]) => void,
): Promise<void> {
  const result = await connection.stream(query, parameters);
  const row: unknown[] = Array.from({ length: result.columnCount });
  for await (const chunk of result) {
    const columns = row.map((_, index) => chunk.convertColumnValues(index, JSDuckDBValueConverter));
    for (let at = 0; at < chunk.rowCount; at++) {
      for (let column = 0; column < row.length; column++) row[column] = columns[column]?.[at];
      take(row);
    }
  }
}
