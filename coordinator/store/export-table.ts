import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { randomId } from "../../shared/runtime/random-id.ts";
import { type ExportFormat, type ExportTableName, exportTables } from "./export-tables.ts";
import { readRows } from "./read-rows.ts";

export interface ExportRequest {
  readonly sweepId: string;
  readonly table: ExportTableName;
  readonly format: ExportFormat;
}

const copyOptions: Readonly<Record<ExportFormat, string>> = {
  csv: "FORMAT csv, HEADER true",
  json: "FORMAT json, ARRAY true",
  parquet: "FORMAT parquet, COMPRESSION zstd",
};

/** Writes a sweep's table to a file of its own and returns its path. @throws sweep.not_found */
export async function exportTable(
  connection: DuckDBConnection,
  directory: string,
  { sweepId, table, format }: ExportRequest,
): Promise<string> {
  const known = await readRows(connection, "SELECT 1 FROM submissions WHERE sweep_id = $1", [
    sweepId,
  ]);
  if (known.length === 0) {
    throw new FleetsweepError("sweep.not_found", `there is no sweep ${sweepId}`);
  }
  const file = join(directory, `${randomId()}.${format}`);
  const query = exportTables[table].query(quote(sweepId));
  try {
    await connection.run(`COPY (${query}) TO ${quote(file)} (${copyOptions[format]})`);
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
  return file;
}

/** The file's bytes; it is gone when they end, however they end. */
export async function* readAndRemove(
  file: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    const stream = createReadStream(file, { highWaterMark: 256 * 1024, signal });
    for await (const chunk of stream) yield chunk as Uint8Array;
  } finally {
    await rm(file, { force: true });
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
