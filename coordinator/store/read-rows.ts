import type { DuckDBConnection } from "@duckdb/node-api";

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
