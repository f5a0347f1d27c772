import type { DuckDBConnection } from "@duckdb/node-api";
import { readRows } from "./read-rows.ts";

/** Ids of every attempt of a host at a shard, counted or not, in the order of the log. */
export async function readAttempts(
  connection: DuckDBConnection,
  shard: { readonly sweepId: string; readonly shardId: string; readonly hostId: string },
): Promise<readonly string[]> {
  const rows = await readRows(
    connection,
    `SELECT attempt_id FROM results
     WHERE sweep_id = $1 AND shard_id = $2 AND host_id = $3 ORDER BY seq`,
    [shard.sweepId, shard.shardId, shard.hostId],
  );
  return rows.map((row) => String(row["attempt_id"]));
}
