import type { DuckDBConnection } from "@duckdb/node-api";
import { groupBy } from "../../shared/domain/group-by.ts";
import {
  type CallTrace,
  chooseTracedCells,
  type LaunchTrace,
  sketchCalls,
  sketchCourse,
  type Traces,
  thinLaunches,
  traceKey,
} from "../analysis/traces.ts";
import { type ReadRow, readRows } from "./read-rows.ts";
import { decodeRow } from "./read-samples.ts";

/** Launches in time and the calls of some cells of a sweep; both bounded. */
export async function readTraces(connection: DuckDBConnection, sweepId: string): Promise<Traces> {
  const rows = await readRows(connection, launchesQuery, [sweepId]);
  const launches = rows.map(toLaunch);
  const seqs = new Map(launches.map((launch, index) => [launch, Number(rows[index]?.["seq"])]));
  const byCell = groupBy(launches, traceKey);
  const cells: CallTrace[] = [];
  for (const key of chooseTracedCells(launches)) {
    const trace = await readCalls(connection, byCell.get(key) ?? [], seqs);
    if (trace !== null) cells.push(trace);
  }
  return {
    launches: thinLaunches(launches),
    launchesMeasured: launches.length,
    cells,
    cellsMeasured: byCell.size,
  };
}

const launchesQuery = `
  SELECT l.seq, l.host_id, l.cell_id, l.launch, l.ended_at_ms, l.median_ns, l.verdict, i.warmup_calls
  FROM launches l LEFT JOIN (
    SELECT seq, sum(warmup_calls) AS warmup_calls FROM instances GROUP BY seq
  ) i USING (seq)
  WHERE l.sweep_id = $1 AND l.outcome = 'measured' ORDER BY l.seq`;

const samplesQuery = `
  SELECT seq, instance, encoding, sample_count, data FROM samples
  WHERE seq IN (SELECT unnest($1::BIGINT[])) ORDER BY seq, instance`;

function toLaunch(row: ReadRow): LaunchTrace {
  return {
    hostId: String(row["host_id"]),
    cellId: String(row["cell_id"]),
    launch: Number(row["launch"]),
    endedAtMs: Number(row["ended_at_ms"]),
    medianNs: Number(row["median_ns"]),
    status: row["verdict"] as LaunchTrace["status"],
    warmupCalls: Number(row["warmup_calls"] ?? 0),
  };
}

/** Null where nothing was timed, or where an agent's samples cannot be decoded. */
async function readCalls(
  connection: DuckDBConnection,
  launches: readonly LaunchTrace[],
  seqs: ReadonlyMap<LaunchTrace, number>,
): Promise<CallTrace | null> {
  const [first] = launches;
  if (first === undefined) return null;
  const list = `[${launches.map((launch) => seqs.get(launch)).join(", ")}]`;
  const rows = await readRows(connection, samplesQuery, [list]);
  const durations: (readonly number[])[] = [];
  for (const row of rows) {
    const decoded = decodeRow(row);
    if ("damaged" in decoded) return null;
    durations.push(decoded.durationsNs);
  }
  const quantilesNs = sketchCalls(durations);
  if (quantilesNs === null) return null;
  return {
    hostId: first.hostId,
    cellId: first.cellId,
    launches: launches.length,
    calls: durations.reduce((sum, some) => sum + some.length, 0),
    warmupCalls: launches.reduce((sum, { warmupCalls }) => sum + warmupCalls, 0),
    quantilesNs,
    // A histogram has lost the order of its calls.
    course: rows[0]?.["encoding"] === "hdr-3-digits" ? [] : sketchCourse(durations[0] ?? []),
  };
}
