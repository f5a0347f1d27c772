import type { DuckDBConnection } from "@duckdb/node-api";
import { canaryAxis } from "../../shared/domain/canary.ts";
import type { Cell } from "../../shared/domain/cell.ts";
import type { HistoryEntry } from "../analysis/history.ts";
import { type ReadRow, readRows } from "./read-rows.ts";

/** One cell on one host with what every sweep found of it. */
export interface CellHistory {
  readonly hostId: string;
  readonly cell: Cell;
  readonly entries: readonly HistoryEntry[];
}

/** What a history's cell has in place of the shard of a visit. */
const allVisits = "all";

/**
 * Cells are the same by their axes: another version of the runner is what a history is to show. All visits of a
 * canary are one cell, whichever shards they belonged to.
 */
const query = `
  WITH planned AS (
    SELECT sweep_id, shard_id, cell_id, host_id, CASE WHEN contains(cell_json, '"${canaryAxis}":')
      THEN json_merge_patch(cell_json, '{"${canaryAxis}":"${allVisits}"}')::VARCHAR ELSE cell_json END AS cell_json
    FROM planned_cells
  ), wanted AS (
    SELECT DISTINCT host_id, cell_json FROM planned WHERE sweep_id = $1
  )
  SELECT p.host_id, p.cell_json, p.sweep_id, s.submitted_at_ms,
    list(l.median_ns ORDER BY l.seq) AS medians,
    list(DISTINCT e.runner_versions_json) AS versions
  FROM planned p
  JOIN wanted USING (host_id, cell_json)
  JOIN submissions s ON s.sweep_id = p.sweep_id
  JOIN launches l ON l.sweep_id = p.sweep_id AND l.shard_id = p.shard_id AND l.cell_id = p.cell_id
  LEFT JOIN environments e ON e.seq = l.seq
  WHERE l.outcome = 'measured' AND l.verdict <> 'invalid'
  GROUP BY p.host_id, p.cell_json, p.sweep_id, s.submitted_at_ms
  ORDER BY p.host_id, p.cell_json, s.submitted_at_ms, p.sweep_id`;

export async function readHistory(
  connection: DuckDBConnection,
  sweepId: string,
): Promise<readonly CellHistory[]> {
  const rows = await readRows(connection, query, [sweepId]);
  const histories = new Map<string, { hostId: string; cell: Cell; entries: HistoryEntry[] }>();
  for (const row of rows) {
    const [hostId, cellJson] = [String(row["host_id"]), String(row["cell_json"])];
    const key = `${hostId}\n${cellJson}`;
    const known = histories.get(key);
    const history = known ?? { hostId, cell: JSON.parse(cellJson) as Cell, entries: [] };
    if (known === undefined) histories.set(key, history);
    history.entries.push(toEntry(row));
  }
  return [...histories.values()];
}

function toEntry(row: ReadRow): HistoryEntry {
  const versions = (row["versions"] as (string | null)[]).flatMap((json) =>
    json === null ? [] : Object.entries(JSON.parse(json) as Record<string, string>),
  );
  return {
    sweepId: String(row["sweep_id"]),
    submittedAtMs: Number(row["submitted_at_ms"]),
    mediansNs: (row["medians"] as number[]).map(Number),
    versions: [...new Set(versions.map(([name, version]) => `${name} ${version}`))].sort(),
  };
}
