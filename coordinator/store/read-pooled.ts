import type { DuckDBConnection } from "@duckdb/node-api";
import { poolCalls } from "../analysis/pool-calls.ts";
import type { PooledCalls } from "../analysis/report-input.ts";
import { eachRow } from "./read-rows.ts";
import { decodeRow } from "./read-samples.ts";

/** A cell's counted launches: their entries, and how many samples these have together. */
export interface PoolRequest {
  readonly seqs: readonly number[];
  readonly samples: number;
}

/** Samples whose cells are pooled in one pass over their entries: 8 bytes each are in memory. */
const samplesAtOnce = 4_000_000;

/**
 * For each cell what its calls are pooled; null where none were measured, or where an agent's samples cannot
 * be decoded. Cells are taken in the order of their first entries, so that each pass reads one stretch of
 * the table, whatever order the plan has.
 */
export async function readPooled(
  connection: DuckDBConnection,
  cells: readonly PoolRequest[],
): Promise<(PooledCalls | null)[]> {
  const pooled: (PooledCalls | null)[] = cells.map(() => null);
  const order = cells
    .map(({ seqs }, index) => ({ index, first: Math.min(...seqs) }))
    .filter(({ first }) => Number.isFinite(first))
    .sort((a, b) => a.first - b.first);
  let some: number[] = [];
  let samples = 0;
  for (const { index } of order) {
    some.push(index);
    samples += cells[index]?.samples ?? 0;
    if (samples < samplesAtOnce) continue;
    await poolSome(connection, { cells, some, pooled });
    [some, samples] = [[], 0];
  }
  if (some.length > 0) await poolSome(connection, { cells, some, pooled });
  return pooled;
}

interface Pass {
  readonly cells: readonly PoolRequest[];
  /** Places of those of this pass. */
  readonly some: readonly number[];
  readonly pooled: (PooledCalls | null)[];
}

async function poolSome(connection: DuckDBConnection, { cells, some, pooled }: Pass) {
  const cellOf = new Map<number, number>();
  let [low, high] = [Number.POSITIVE_INFINITY, 0];
  for (const index of some) {
    for (const seq of cells[index]?.seqs ?? []) {
      cellOf.set(seq, index);
      low = Math.min(low, seq);
      high = Math.max(high, seq);
    }
  }
  const calls = new Map<number, (readonly number[])[] | "damaged">();
  const query = `SELECT seq, encoding, sample_count, data FROM samples WHERE seq BETWEEN ${low} AND ${high}`;
  await eachRow(connection, { query, parameters: [] }, ([seq, encoding, count, data]) => {
    const index = cellOf.get(Number(seq));
    if (index === undefined) return;
    const sofar = calls.get(index) ?? [];
    if (sofar === "damaged") return;
    const decoded = decodeRow({ encoding, sample_count: count, data });
    if ("durationsNs" in decoded) sofar.push(decoded.durationsNs);
    calls.set(index, "damaged" in decoded ? "damaged" : sofar);
  });
  for (const [index, durations] of calls) {
    pooled[index] = durations === "damaged" ? null : poolCalls(durations);
  }
}
