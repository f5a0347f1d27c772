import type { DuckDBConnection } from "@duckdb/node-api";
import {
  type CallTrace,
  chooseTracedCells,
  type LaunchTrace,
  limits,
  pickEvenly,
  sketchCalls,
  sketchCourse,
  sketchWarmup,
  type Traces,
  traceKey,
} from "../analysis/traces.ts";
import { eachRow, type ReadRow, readRows } from "./read-rows.ts";
import { decodeRow } from "./read-samples.ts";

/** Launches in time and the calls of some cells of a sweep; both bounded, in the database already. */
export async function readTraces(connection: DuckDBConnection, sweepId: string): Promise<Traces> {
  const cells = (await readRows(connection, cellsQuery, [sweepId])).map(toTracedCell);
  const chosen = new Set(chooseTracedCells(cells));
  const traces: CallTrace[] = [];
  for (const cell of cells.filter((some) => chosen.has(traceKey(some)))) {
    const trace = await readCalls(connection, sweepId, cell);
    if (trace !== null) traces.push(trace);
  }
  const seqs: number[] = [];
  await eachRow(connection, { query: inTimeQuery, parameters: [sweepId] }, ([seq]) => {
    seqs.push(Number(seq));
  });
  const kept = `[${pickEvenly(seqs, limits.launches).join(", ")}]`;
  return {
    launches: (await readRows(connection, someQuery, [kept])).map(toLaunch),
    launchesMeasured: seqs.length,
    cells: traces,
    cellsMeasured: cells.length,
  };
}

interface TracedCell {
  readonly hostId: string;
  readonly cellId: string;
  readonly status: LaunchTrace["status"];
}

/** In the order of their first launches. */
const cellsQuery = `
  SELECT host_id, cell_id, bool_and(verdict = 'valid') AS valid
  FROM launches WHERE sweep_id = $1 AND outcome = 'measured'
  GROUP BY host_id, cell_id ORDER BY min(seq)`;

function toTracedCell(row: ReadRow): TracedCell {
  return {
    hostId: String(row["host_id"]),
    cellId: String(row["cell_id"]),
    status: row["valid"] === true ? "valid" : "flagged",
  };
}

const columns = `
  l.seq, l.host_id, l.cell_id, l.launch, l.ended_at_ms, l.median_ns, l.verdict,
  (SELECT sum(warmup_calls) FROM instances i WHERE i.seq = l.seq) AS warmup_calls`;

const inTimeQuery = `
  SELECT seq FROM launches WHERE sweep_id = $1 AND outcome = 'measured' ORDER BY ended_at_ms, seq`;

const someQuery = `
  SELECT ${columns} FROM launches l
  WHERE l.seq IN (SELECT unnest($1::BIGINT[])) ORDER BY l.ended_at_ms, l.seq`;

const launchesQuery = `
  SELECT ${columns} FROM launches l
  WHERE l.sweep_id = $1 AND l.host_id = $2 AND l.cell_id = $3 AND l.outcome = 'measured' ORDER BY l.seq`;

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
  sweepId: string,
  { hostId, cellId }: TracedCell,
): Promise<CallTrace | null> {
  const found = await readRows(connection, launchesQuery, [sweepId, hostId, cellId]);
  const launches = found.map(toLaunch);
  const list = `[${found.map((row) => row["seq"]).join(", ")}]`;
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
    hostId,
    cellId,
    launches: launches.length,
    calls: durations.reduce((sum, some) => sum + some.length, 0),
    warmupCalls: launches.reduce((sum, { warmupCalls }) => sum + warmupCalls, 0),
    quantilesNs,
    warmupCourse: sketchWarmup(await readWarmup(connection, rows[0])),
    // A histogram has lost the order of its calls.
    course: rows[0]?.["encoding"] === "hdr-3-digits" ? [] : sketchCourse(durations[0] ?? []),
  };
}

/** The warm-up calls of the process that a row of samples is of; none where they are not kept. */
async function readWarmup(
  connection: DuckDBConnection,
  samples: ReadRow | undefined,
): Promise<readonly number[]> {
  if (samples === undefined) return [];
  const [row] = await readRows(connection, warmupQuery, [
    String(samples["seq"]),
    String(samples["instance"]),
  ]);
  const decoded = row === undefined ? null : decodeRow(row);
  return decoded === null || "damaged" in decoded ? [] : decoded.durationsNs;
}

const warmupQuery = `
  SELECT encoding, sample_count, data FROM warmups
  WHERE seq = $1::BIGINT AND instance = $2::BIGINT`;
