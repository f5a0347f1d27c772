import type { DuckDBConnection } from "@duckdb/node-api";
import { poolCalls } from "../analysis/pool-calls.ts";
import type { PooledCalls } from "../analysis/report-input.ts";
import { type ReadRow, readRows } from "./read-rows.ts";
import { decodeRow } from "./read-samples.ts";

/** Cells whose samples are in memory at one time: some 100 MB where every launch fills its limit. */
const cellsAtOnce = 64;

/**
 * For each cell, given as the entries of its counted launches, what its calls are pooled; null where
 * none were measured, or where an agent's samples cannot be decoded.
 */
export async function readPooled(
  connection: DuckDBConnection,
  cells: readonly (readonly number[])[],
): Promise<(PooledCalls | null)[]> {
  const pooled: (PooledCalls | null)[] = [];
  for (let start = 0; start < cells.length; start += cellsAtOnce) {
    const some = cells.slice(start, start + cellsAtOnce);
    const rows = await readSampleRows(connection, some.flat());
    for (const seqs of some) pooled.push(pool(seqs.flatMap((seq) => rows.get(seq) ?? [])));
  }
  return pooled;
}

async function readSampleRows(
  connection: DuckDBConnection,
  seqs: readonly number[],
): Promise<ReadonlyMap<number, ReadRow[]>> {
  const bySeq = new Map<number, ReadRow[]>(seqs.map((seq) => [seq, []]));
  if (seqs.length === 0) return bySeq;
  const query = `SELECT seq, encoding, sample_count, data FROM samples WHERE seq IN (${seqs.join(", ")})`;
  for (const row of await readRows(connection, query, [])) bySeq.get(Number(row["seq"]))?.push(row);
  return bySeq;
}

function pool(rows: readonly ReadRow[]): PooledCalls | null {
  const durations: (readonly number[])[] = [];
  for (const row of rows) {
    const decoded = decodeRow(row);
    if ("damaged" in decoded) return null;
    durations.push(decoded.durationsNs);
  }
  return poolCalls(durations);
}
