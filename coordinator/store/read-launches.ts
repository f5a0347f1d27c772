import type { DuckDBConnection } from "@duckdb/node-api";
import type { Reason, Verdict } from "../../shared/domain/result.ts";
import type { MeasuredLaunch } from "../analysis/cell-figures.ts";
import type { ReportInstance, ReportLaunch, ServerLoad } from "../analysis/report-input.ts";
import type { PoolRequest } from "./read-pooled.ts";
import { eachRow, readRows } from "./read-rows.ts";

/** The counted launches of a cell, by number, with the entries that they come from. */
export interface CellLaunches extends PoolRequest {
  readonly launches: readonly ReportLaunch[];
}

interface Growing {
  readonly launches: ReportLaunch[];
  readonly seqs: number[];
  samples: number;
}

/** Counted launches of a sweep, by the place of their cell in the table of planned cells. */
export async function readLaunches(
  connection: DuckDBConnection,
  sweepId: string,
): Promise<ReadonlyMap<number, CellLaunches>> {
  const stretch = await readStretch(connection, sweepId);
  const cells = new Map<number, Growing>();
  const cellAt = (place: number): Growing => {
    const known = cells.get(place);
    if (known !== undefined) return known;
    const cell = { launches: [], seqs: [], samples: 0 };
    cells.set(place, cell);
    return cell;
  };
  await readMeasured(connection, { sweepId, stretch, cellAt });
  await readFailed(connection, { sweepId, stretch, cellAt });
  // Sorted here and not by the database, which would have to hold every launch's texts for that.
  for (const { launches } of cells.values()) launches.sort((a, b) => a.launch - b.launch);
  return cells;
}

interface Reading {
  readonly sweepId: string;
  readonly stretch: string;
  readonly cellAt: (place: number) => Growing;
}

async function readMeasured(connection: DuckDBConnection, { sweepId, stretch, cellAt }: Reading) {
  const instances = await readInstances(connection, sweepId);
  const circumstances = shareCircumstances();
  const request = { query: measuredQuery(stretch), parameters: [sweepId] };
  await eachRow(connection, request, (row) => {
    const [place, seq, samples, launch, medianNs, rate, endedAtMs, locality, texts, load] = row;
    const cell = cellAt(place as number);
    cell.seqs.push(seq as number);
    cell.samples += samples as number;
    cell.launches.push({
      type: "measured",
      launch: launch as number,
      medianNs: medianNs as number,
      samplesPerSecond: rate as number,
      ...circumstances(texts as string),
      instances: instances.get(seq as number) ?? none,
      locality: locality as number | null,
      load: load === null ? null : toLoad(load as string),
      endedAtMs: endedAtMs as number,
    });
  });
}

async function readFailed(connection: DuckDBConnection, { sweepId, cellAt }: Reading) {
  await eachRow(connection, { query: failedQuery, parameters: [sweepId] }, (row) => {
    const [place, launch, ...texts] = row;
    const [reason = "", message = "", stderrTail = ""] = texts.map(String);
    const failure = { reason, message, stderrTail };
    cellAt(place as number).launches.push({ type: "failed", launch: launch as number, ...failure });
  });
}

const none: readonly ReportInstance[] = [];

/** The entries among which a sweep's results are: other sweeps' need not be looked at. */
async function readStretch(connection: DuckDBConnection, sweepId: string): Promise<string> {
  const query = "SELECT min(seq) AS low, max(seq) AS high FROM results WHERE sweep_id = $1";
  const [row] = await readRows(connection, query, [sweepId]);
  return `seq BETWEEN ${Number(row?.["low"] ?? 0)} AND ${Number(row?.["high"] ?? 0)}`;
}

/** A launch beside the place of its cell: a number, for a million launches would repeat long names. */
const placed = `
  launches l JOIN (
    SELECT shard_id, cell_id, rowid AS place FROM planned_cells WHERE sweep_id = $1
  ) p USING (shard_id, cell_id)`;

/** One text for what few launches differ in. Of counters only a server's load is carried as it is. */
const measuredQuery = (stretch: string): string => `
  SELECT p.place::DOUBLE, l.seq::DOUBLE, coalesce(s.samples, 0)::DOUBLE, l.launch::DOUBLE, l.median_ns,
    l.samples_per_second, l.ended_at_ms, e.locality,
    concat_ws(chr(10), l.verdict, l.reasons_json, coalesce(e.runner_versions_json, '{}'),
      coalesce(e.binding_tool, '')),
    e.load_json
  FROM ${placed}
  LEFT JOIN (
    SELECT seq, binding_tool, runner_versions_json,
      CAST(json_extract(counters_json, '$.locality') AS DOUBLE) AS locality,
      CASE WHEN contains(counters_json, '"offered_calls_per_second"') THEN counters_json END AS load_json
    FROM environments WHERE ${stretch}
  ) e USING (seq)
  LEFT JOIN (
    SELECT seq, sum(sample_count) AS samples FROM samples WHERE ${stretch} GROUP BY seq
  ) s USING (seq)
  WHERE l.sweep_id = $1 AND l.outcome = 'measured'`;

const failedQuery = `
  SELECT p.place::DOUBLE, l.launch::DOUBLE, l.failure_reason, l.failure_message, l.stderr_tail
  FROM ${placed} WHERE l.sweep_id = $1 AND l.outcome = 'failed'`;

/** What one instance alone did, its launch says. */
const instancesQuery = `
  SELECT i.seq, i.instance, i.calls, i.median_ns, i.ended_ns - i.started_ns AS timed_ns
  FROM instances i JOIN launches l USING (seq)
  WHERE l.sweep_id = $1 AND i.seq IN (SELECT seq FROM instances WHERE instance > 0)`;

async function readInstances(
  connection: DuckDBConnection,
  sweepId: string,
): Promise<ReadonlyMap<number, readonly ReportInstance[]>> {
  const found = new Map<number, ReportInstance[]>();
  await eachRow(connection, { query: instancesQuery, parameters: [sweepId] }, (row) => {
    const [seq = 0, index = 0, calls = 0, medianNs = 0, timedNs = 0] = row.map(Number);
    const some = found.get(seq);
    const instance = { index, calls, medianNs, timedNs };
    if (some === undefined) found.set(seq, [instance]);
    else some.push(instance);
  });
  for (const some of found.values()) some.sort((a, b) => a.index - b.index);
  return found;
}

/** Null where calls did not come by a schedule. */
function toLoad(countersJson: string): ServerLoad | null {
  const counters = JSON.parse(countersJson) as Readonly<Record<string, number | null>>;
  const offered = counters["offered_calls_per_second"] ?? null;
  if (offered === null) return null;
  return {
    offeredPerSecond: offered,
    achievedPerSecond: counters["achieved_calls_per_second"] ?? 0,
    utilisation: counters["utilisation"] ?? 0,
    unserved: counters["unserved_calls"] ?? 0,
  };
}

type Circumstances = Pick<MeasuredLaunch, "verdict" | "runnerVersions" | "bindingTool">;

/** Texts that are kept; most launches of a sweep have one of a few. */
const mostShared = 1_000;

/** Reads the verdict, its reasons, versions and tool; equal texts give equal objects. JSON has no line ends. */
function shareCircumstances(): (texts: string) => Circumstances {
  const known = new Map<string, Circumstances>();
  return (texts) => {
    const found = known.get(texts);
    if (found !== undefined) return found;
    const [status, reasons = "[]", versions = "{}", bindingTool = ""] = texts.split("\n");
    const value: Circumstances = {
      verdict: { status: status as Verdict["status"], reasons: JSON.parse(reasons) as Reason[] },
      runnerVersions: JSON.parse(versions) as Readonly<Record<string, string>>,
      bindingTool,
    };
    if (known.size < mostShared) known.set(texts, value);
    return value;
  };
}
