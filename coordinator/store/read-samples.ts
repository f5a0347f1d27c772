import type { DuckDBConnection } from "@duckdb/node-api";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import type { EncodedSamples } from "../../shared/domain/result.ts";
import { decodeSampleBytes } from "../../shared/runtime/sample-codec.ts";
import { type ReadRow, readRows } from "./read-rows.ts";

/**
 * Durations in ns, one list an instance, of every result of that attempt.
 * @throws FleetsweepError log.corrupt where the agent wrote what no decoder reads.
 */
export async function readSamples(
  connection: DuckDBConnection,
  attemptId: string,
): Promise<readonly (readonly number[])[]> {
  const rows = await readRows(
    connection,
    `SELECT encoding, sample_count, data FROM samples JOIN results USING (seq)
     WHERE attempt_id = $1 ORDER BY seq, instance`,
    [attemptId],
  );
  return rows.map((row) => {
    const decoded = decodeRow(row);
    if ("durationsNs" in decoded) return decoded.durationsNs;
    throw new FleetsweepError("log.corrupt", `samples of ${attemptId}: ${decoded.damaged}`);
  });
}

/** Decodes a row of `samples`; damage is a value with its reason. */
export function decodeRow(
  row: ReadRow,
): { readonly durationsNs: readonly number[] } | { readonly damaged: string } {
  try {
    const durationsNs = decodeSampleBytes({
      encoding: row["encoding"] as EncodedSamples["encoding"],
      count: Number(row["sample_count"]),
      data: row["data"] as Uint8Array,
    });
    return { durationsNs };
  } catch (error) {
    return { damaged: String(error) };
  }
}
