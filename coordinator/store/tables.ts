/** Rises with every change of a table or view; a file of another version is folded anew. */
export const schemaVersion = 1;

export type ColumnType = "BIGINT" | "DOUBLE" | "VARCHAR" | "BOOLEAN" | "BLOB";

export type ColumnValue = string | number | boolean | Uint8Array | null;

/** Column name → type, in the order of the table. */
export type Table = Readonly<Record<string, ColumnType>>;

/**
 * Every table that is folded from the log is only ever appended to; states are views over them, so that
 * a row never depends on how the log was cut into batches. `seq` is the entry that a row comes from.
 * Text in columns `*_json` is JSON. Times of hosts are their own wall clocks.
 */
export const tables = {
  planned_shards: {
    seq: "BIGINT",
    sweep_id: "VARCHAR",
    shard_id: "VARCHAR",
    host_id: "VARCHAR",
    cell_count: "BIGINT",
  },
  planned_cells: {
    seq: "BIGINT",
    sweep_id: "VARCHAR",
    shard_id: "VARCHAR",
    host_id: "VARCHAR",
    cell_id: "VARCHAR",
    position: "BIGINT",
    cell_json: "VARCHAR",
  },
  submissions: {
    seq: "BIGINT",
    sweep_id: "VARCHAR",
    name: "VARCHAR",
    shard_count: "BIGINT",
    cell_count: "BIGINT",
    method_json: "VARCHAR",
    source: "VARCHAR",
    submitted_at_ms: "DOUBLE",
  },
  /** Grants, revokes, closings and the sweep's end, accepted (`ignored` is null) or not, and why. */
  decisions: {
    seq: "BIGINT",
    sweep_id: "VARCHAR",
    shard_id: "VARCHAR",
    kind: "VARCHAR",
    grant_id: "VARCHAR",
    host_id: "VARCHAR",
    reason: "VARCHAR",
    ignored: "VARCHAR",
  },
  /** Every result in the log: counted, or an orphan with the reason why it is none. */
  results: {
    seq: "BIGINT",
    sweep_id: "VARCHAR",
    shard_id: "VARCHAR",
    host_id: "VARCHAR",
    cell_id: "VARCHAR",
    launch: "BIGINT",
    attempt_id: "VARCHAR",
    grant_id: "VARCHAR",
    counted: "BOOLEAN",
    orphan_reason: "VARCHAR",
    terminal: "VARCHAR",
    outcome: "VARCHAR",
    median_ns: "DOUBLE",
    samples_per_second: "DOUBLE",
    verdict: "VARCHAR",
    reasons_json: "VARCHAR",
    failure_reason: "VARCHAR",
    failure_message: "VARCHAR",
    stderr_tail: "VARCHAR",
    ended_at_ms: "DOUBLE",
  },
  instances: {
    seq: "BIGINT",
    instance: "BIGINT",
    calls: "BIGINT",
    warmup_calls: "BIGINT",
    median_ns: "DOUBLE",
    started_ns: "BIGINT",
    ended_ns: "BIGINT",
    load_ns: "DOUBLE",
    first_call_ns: "DOUBLE",
  },
  /** Samples as the agent encoded them, in bytes instead of base64. */
  samples: {
    seq: "BIGINT",
    instance: "BIGINT",
    encoding: "VARCHAR",
    sample_count: "BIGINT",
    data: "BLOB",
  },
  environments: {
    seq: "BIGINT",
    binding_tool: "VARCHAR",
    runner_versions_json: "VARCHAR",
    readback_json: "VARCHAR",
    counters_json: "VARCHAR",
  },
  /** Entries that no program of this version can read. */
  corrupt_entries: { seq: "BIGINT", subject: "VARCHAR", reason: "VARCHAR" },
} as const satisfies Readonly<Record<string, Table>>;

export type TableName = keyof typeof tables;

/** Not from the log: the last facts that each host reported. */
const hostsTable = `
  CREATE TABLE hosts (
    host_id VARCHAR PRIMARY KEY,
    agent_version VARCHAR,
    topology_json VARCHAR,
    runners_json VARCHAR,
    labels_json VARCHAR,
    observed_at_ms DOUBLE
  )`;

/** One row: which structure, which log, and up to which entry. */
const metaTable = `
  CREATE TABLE meta (schema_version BIGINT, log_created_at VARCHAR, cursor_seq BIGINT)`;

const views = [
  `CREATE VIEW orphans AS SELECT * FROM results WHERE NOT counted`,
  `CREATE VIEW launches AS SELECT * FROM results WHERE counted`,
  `CREATE VIEW sweeps AS
    SELECT s.*,
      coalesce((SELECT max(CASE kind WHEN 'sealed' THEN 'sealed' ELSE 'cancelled' END)
        FROM decisions d WHERE d.sweep_id = s.sweep_id AND d.ignored IS NULL
          AND d.kind IN ('sealed', 'cancelled')), 'open') AS state,
      (SELECT count(*) FROM orphans o WHERE o.sweep_id = s.sweep_id) AS orphans
    FROM submissions s`,
  `CREATE VIEW shards AS
    SELECT p.*, coalesce(d.state, 'open') AS state, d.grant_id
    FROM planned_shards p LEFT JOIN (
      SELECT sweep_id, shard_id,
        arg_max(CASE kind WHEN 'grant' THEN 'granted' WHEN 'revoke' THEN 'open' ELSE kind END, seq)
          AS state,
        arg_max(grant_id, seq) FILTER (WHERE kind = 'grant') AS grant_id
      FROM decisions WHERE ignored IS NULL AND kind IN ('grant', 'revoke', 'closed')
      GROUP BY sweep_id, shard_id
    ) d USING (sweep_id, shard_id)`,
  `CREATE VIEW cells AS
    SELECT p.*, l.terminal, coalesce(l.launches, 0) AS launches
    FROM planned_cells p LEFT JOIN (
      SELECT sweep_id, shard_id, cell_id, max(terminal) AS terminal, count(*) AS launches
      FROM launches GROUP BY sweep_id, shard_id, cell_id
    ) l USING (sweep_id, shard_id, cell_id)`,
];

/** Creates everything in an empty database. */
export function createStatements(): string[] {
  const folded = Object.entries(tables).map(([name, columns]) => {
    const list = Object.entries(columns).map(([column, type]) => `${column} ${type}`);
    return `CREATE TABLE ${name} (${list.join(", ")})`;
  });
  const meta = `INSERT INTO meta VALUES (${schemaVersion}, NULL, 0)`;
  return [...folded, hostsTable, metaTable, ...views, meta];
}
