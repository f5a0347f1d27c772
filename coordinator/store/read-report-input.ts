import type { DuckDBConnection } from "@duckdb/node-api";
import { isCanary } from "../../shared/domain/canary.ts";
import type { Cell } from "../../shared/domain/cell.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { hostClass } from "../../shared/domain/fingerprint.ts";
import { usableCores } from "../../shared/domain/host-cores.ts";
import { type Method, precisionModes } from "../../shared/domain/method.ts";
import type { RunnerDeclaration } from "../../shared/domain/runner-declaration.ts";
import type { Topology } from "../../shared/domain/topology.ts";
import { sha256 } from "../../shared/runtime/random-id.ts";
import type { ReportCell, ReportHost, ReportInput, ReportSweep } from "../analysis/report-input.ts";
import { type CellLaunches, readLaunches } from "./read-launches.ts";
import { readPooled } from "./read-pooled.ts";
import { eachRow, type ReadRow, readRows } from "./read-rows.ts";

/** What of a sweep is wanted. */
export interface ReadingScope {
  /**
   * Whether the calls of each cell are pooled, for its percentiles: every sample of the sweep is decoded for
   * that, which takes most of the time.
   */
  readonly withCalls: boolean;
}

/** Everything that a sweep's report rests on. @throws FleetsweepError sweep.not_found */
export async function readReportInput(
  connection: DuckDBConnection,
  sweepId: string,
  { withCalls }: ReadingScope = { withCalls: true },
): Promise<ReportInput> {
  const [sweep] = await readRows(connection, "SELECT * FROM sweeps WHERE sweep_id = $1", [sweepId]);
  if (sweep === undefined) {
    throw new FleetsweepError("sweep.not_found", `there is no sweep ${sweepId}`);
  }
  const hosts = await readRows(connection, hostsQuery, [sweepId]);
  const launches = await readLaunches(connection, sweepId);
  const { cells, places } = await readCells(connection, sweepId, launches);
  const pooled = withCalls
    ? await readPooled(
        connection,
        places.map((place) => launches.get(place) ?? nothing),
      )
    : [];
  const all = cells.map((cell, index): ReportCell => ({ ...cell, pooled: pooled[index] ?? null }));
  return {
    sweep: toSweep(sweep),
    hosts: hosts.map(toHost),
    cells: all.filter(({ cell }) => !isCanary(cell)),
    canaries: all.filter(({ cell }) => isCanary(cell)),
  };
}

const nothing: CellLaunches = { launches: [], seqs: [], samples: 0 };

const hostsQuery = `
  SELECT p.host_id, h.agent_version, h.topology_json, h.runners_json
  FROM (SELECT DISTINCT host_id FROM cells WHERE sweep_id = $1) p
  LEFT JOIN hosts h USING (host_id) ORDER BY p.host_id`;

/** One row for each cell of a host; equal cells of several hosts share their axes. */
async function readCells(
  connection: DuckDBConnection,
  sweepId: string,
  launches: ReadonlyMap<number, CellLaunches>,
): Promise<PlannedCells> {
  const cells: Omit<ReportCell, "pooled">[] = [];
  const places: number[] = [];
  const known = new Map<string, Cell>();
  await eachRow(connection, { query: cellsQuery, parameters: [sweepId] }, (row) => {
    const [place, terminal, by, reason, ...texts] = row;
    const [hostId = "", shardId = "", cellId = "", cellJson = "{}"] = texts as string[];
    const cell = known.get(cellJson) ?? (JSON.parse(cellJson) as Cell);
    known.set(cellJson, cell);
    places.push(place as number);
    cells.push({
      hostId,
      shardId,
      cellId,
      cell,
      terminal: terminal as ReportCell["terminal"],
      givenUp: by === null ? null : { by: by as GivenUpBy, reason: String(reason) },
      launches: (launches.get(place as number) ?? nothing).launches,
    });
  });
  return { cells, places };
}

interface PlannedCells {
  readonly cells: readonly Omit<ReportCell, "pooled">[];
  /** Of each, in the table of planned cells. */
  readonly places: readonly number[];
}

type GivenUpBy = NonNullable<ReportCell["givenUp"]>["by"];

const cellsQuery = `
  SELECT p.rowid::DOUBLE, c.terminal, c.given_up_by, c.given_up_reason, c.host_id, c.shard_id, c.cell_id,
    c.cell_json
  FROM cells c JOIN planned_cells p USING (sweep_id, shard_id, cell_id)
  WHERE c.sweep_id = $1 ORDER BY c.host_id, c.seq, c.position`;

function toSweep(row: ReadRow): ReportSweep {
  return {
    sweepId: text(row, "sweep_id"),
    name: text(row, "name"),
    state: text(row, "state") as ReportSweep["state"],
    method: reviveMethod(parse<Method>(row, "method_json")),
    submittedAtMs: Number(row["submitted_at_ms"]),
    orphans: Number(row["orphans"]),
    source: text(row, "source"),
  };
}

/**
 * JSON has no Infinity, which stands for "no target". Fields that later versions added are not in rows
 * from before: they mean their defaults.
 */
function reviveMethod(method: Method): Method {
  const target = method.targetHalfWidth as number | null;
  return {
    ...precisionModes[method.precision],
    ...method,
    targetHalfWidth: target ?? Number.POSITIVE_INFINITY,
  };
}

function toHost(row: ReadRow): ReportHost {
  const topology = row["topology_json"] === null ? null : parse<Topology>(row, "topology_json");
  const cores = topology === null ? null : usableCores(topology);
  return {
    hostId: text(row, "host_id"),
    agentVersion: (row["agent_version"] ?? null) as string | null,
    topology,
    cores: cores === null || "refused" in cores ? null : cores,
    classId: topology === null ? null : hostClass(topology, {}, sha256),
    parameterDefaults: defaultsOf(
      row["runners_json"] === null ? [] : parse<RunnerDeclaration[]>(row, "runners_json"),
    ),
  };
}

/** By runner. */
function defaultsOf(runners: readonly RunnerDeclaration[]): ReportHost["parameterDefaults"] {
  const ownOf = ({ parameters }: RunnerDeclaration): Cell =>
    Object.fromEntries(Object.entries(parameters).map(([name, own]) => [name, own.default]));
  return Object.fromEntries(runners.map((runner) => [runner.name, ownOf(runner)]));
}

function text(row: ReadRow, column: string): string {
  return row[column] as string;
}

function parse<Value>(row: ReadRow, column: string): Value {
  return JSON.parse(text(row, column)) as Value;
}
