import type { DuckDBConnection } from "@duckdb/node-api";
import type { Cell } from "../../shared/domain/cell.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { hostClass } from "../../shared/domain/fingerprint.ts";
import { groupBy } from "../../shared/domain/group-by.ts";
import { usableCores } from "../../shared/domain/host-cores.ts";
import { type Method, precisionModes } from "../../shared/domain/method.ts";
import type { Reason, Verdict } from "../../shared/domain/result.ts";
import type { Topology } from "../../shared/domain/topology.ts";
import { sha256 } from "../../shared/runtime/random-id.ts";
import type {
  PooledCalls,
  ReportCell,
  ReportHost,
  ReportInput,
  ReportLaunch,
  ReportSweep,
  ServerLoad,
} from "../analysis/report-input.ts";
import { readPooled } from "./read-pooled.ts";
import { type ReadRow, readRows } from "./read-rows.ts";

/** Everything that a sweep's report rests on. @throws FleetsweepError sweep.not_found */
export async function readReportInput(
  connection: DuckDBConnection,
  sweepId: string,
): Promise<ReportInput> {
  const [sweep] = await readRows(connection, "SELECT * FROM sweeps WHERE sweep_id = $1", [sweepId]);
  if (sweep === undefined) {
    throw new FleetsweepError("sweep.not_found", `there is no sweep ${sweepId}`);
  }
  const hosts = await readRows(connection, hostsQuery, [sweepId]);
  const launches = groupBy(await readRows(connection, launchesQuery, [sweepId]), cellKey);
  const cells = await readRows(connection, cellsQuery, [sweepId]);
  const instances = groupBy(await readRows(connection, instancesQuery, [sweepId]), seqOf);
  const shared = shareJson();
  const launchesOf = (cell: ReadRow): readonly ReadRow[] => launches.get(cellKey(cell)) ?? [];
  const pooled = await readPooled(
    connection,
    cells.map((cell) => launchesOf(cell).map((launch) => Number(launch["seq"]))),
  );
  return {
    sweep: toSweep(sweep),
    hosts: hosts.map(toHost),
    cells: cells.map((cell, index) =>
      toCell(
        cell,
        launchesOf(cell).map((launch) =>
          toLaunch(launch, instances.get(seqOf(launch)) ?? [], shared),
        ),
        pooled[index] ?? null,
      ),
    ),
  };
}

const hostsQuery = `
  SELECT p.host_id, h.agent_version, h.topology_json
  FROM (SELECT DISTINCT host_id FROM cells WHERE sweep_id = $1) p
  LEFT JOIN hosts h USING (host_id) ORDER BY p.host_id`;

const cellsQuery = `
  SELECT * FROM cells WHERE sweep_id = $1 ORDER BY host_id, seq, position`;

const launchesQuery = `
  SELECT l.seq, l.shard_id, l.cell_id, l.launch, l.outcome, l.median_ns, l.samples_per_second, l.verdict,
    l.reasons_json, l.failure_reason, l.failure_message, l.stderr_tail, l.ended_at_ms,
    e.runner_versions_json, e.binding_tool,
    CAST(json_extract(e.counters_json, '$.locality') AS DOUBLE) AS locality,
    e.counters_json
  FROM launches l LEFT JOIN environments e USING (seq)
  WHERE l.sweep_id = $1 ORDER BY l.launch`;

/** What one instance alone did, its launch says. */
const instancesQuery = `
  SELECT i.seq, i.instance, i.calls, i.median_ns, i.ended_ns - i.started_ns AS timed_ns
  FROM instances i JOIN launches l USING (seq)
  WHERE l.sweep_id = $1 AND i.seq IN (SELECT seq FROM instances WHERE instance > 0)
  ORDER BY i.seq, i.instance`;

/** Null where calls did not come by a schedule. */
function toLoad(counters: Readonly<Record<string, number | null>>): ServerLoad | null {
  const offered = counters["offered_calls_per_second"] ?? null;
  if (offered === null) return null;
  return {
    offeredPerSecond: offered,
    achievedPerSecond: counters["achieved_calls_per_second"] ?? 0,
    utilisation: counters["utilisation"] ?? 0,
    unserved: counters["unserved_calls"] ?? 0,
  };
}

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
  };
}

function toCell(
  row: ReadRow,
  launches: readonly ReportLaunch[],
  pooled: PooledCalls | null,
): ReportCell {
  return {
    hostId: text(row, "host_id"),
    shardId: text(row, "shard_id"),
    cellId: text(row, "cell_id"),
    cell: parse<Cell>(row, "cell_json"),
    terminal: (row["terminal"] ?? null) as ReportCell["terminal"],
    givenUp: toGivenUp(row),
    launches,
    pooled,
  };
}

function toGivenUp(row: ReadRow): ReportCell["givenUp"] {
  const by = (row["given_up_by"] ?? null) as "abandoned" | "quarantined" | null;
  return by === null ? null : { by, reason: text(row, "given_up_reason") };
}

function toLaunch(row: ReadRow, instances: readonly ReadRow[], shared: SharedJson): ReportLaunch {
  const launch = Number(row["launch"]);
  if (row["outcome"] === "failed") {
    return {
      type: "failed",
      launch,
      reason: text(row, "failure_reason"),
      message: text(row, "failure_message"),
      stderrTail: text(row, "stderr_tail"),
    };
  }
  return {
    type: "measured",
    launch,
    medianNs: Number(row["median_ns"]),
    samplesPerSecond: Number(row["samples_per_second"]),
    verdict: {
      status: text(row, "verdict") as Verdict["status"],
      reasons: shared(row, "reasons_json") as Reason[],
    },
    runnerVersions: shared(row, "runner_versions_json") as Record<string, string>,
    bindingTool: text(row, "binding_tool"),
    instances: instances.map((instance) => ({
      index: Number(instance["instance"]),
      calls: Number(instance["calls"]),
      medianNs: Number(instance["median_ns"]),
      timedNs: Number(instance["timed_ns"]),
    })),
    locality: row["locality"] === null ? null : Number(row["locality"]),
    load: toLoad(parse<Readonly<Record<string, number | null>>>(row, "counters_json")),
    endedAtMs: Number(row["ended_at_ms"]),
  };
}

type SharedJson = (row: ReadRow, column: string) => unknown;

/** Texts that are kept; most launches of a sweep have one of a few. */
const mostShared = 1_000;

/** Parses a column's JSON, equal texts to one value: a million launches have few reasons and versions. */
function shareJson(): SharedJson {
  const known = new Map<string, unknown>();
  return (row, column) => {
    const json = text(row, column);
    const found = known.get(json);
    if (found !== undefined) return found;
    const value = JSON.parse(json) as unknown;
    if (known.size < mostShared) known.set(json, value);
    return value;
  };
}

function cellKey(row: ReadRow): string {
  return `${text(row, "shard_id")} ${text(row, "cell_id")}`;
}

function seqOf(row: ReadRow): string {
  return String(row["seq"]);
}

function text(row: ReadRow, column: string): string {
  return row[column] as string;
}

function parse<Value>(row: ReadRow, column: string): Value {
  return JSON.parse(text(row, column)) as Value;
}
