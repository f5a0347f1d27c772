/** Rises with every change of a table or view; a file of another version is folded anew. */
export const schemaVersion = 4;

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
  /**
   * Grants, revokes, moves, closings, what was given up, hosts' cordons and the sweep's end, accepted
   * (`ignored` is null) or not, and why. `host_id` of a move is the new host.
   */
  decisions: {
    seq: "BIGINT",
    sweep_id: "VARCHAR",
    shard_id: "VARCHAR",
    cell_id: "VARCHAR",
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
  /** As `samples`, of the calls before the timed ones, where the runner tells them. */
  warmups: {
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
  CREATE TABLE meta (
    schema_version BIGINT, log_created_at VARCHAR, cursor_seq BIGINT, cursor_stored_at VARCHAR
  )`;

const views = [
  `CREATE VIEW orphans AS
    SELECT * FROM results WHERE NOT counted AND orphan_reason <> 'result-repeated'`,
  `CREATE VIEW moves AS
    SELECT sweep_id, shard_id, max(seq) AS moved_seq, arg_max(host_id, seq) AS host_id
    FROM decisions WHERE kind = 'moved' AND ignored IS NULL GROUP BY sweep_id, shard_id`,
  `CREATE VIEW ended_cells AS
    SELECT sweep_id, shard_id, cell_id, min(seq) AS ended_seq, arg_min(host_id, seq) AS host_id,
      arg_min(terminal, seq) AS terminal
    FROM results WHERE counted AND terminal IS NOT NULL GROUP BY sweep_id, shard_id, cell_id`,
  // A shard that moved leaves behind what its open cells had: launches of two hosts make no figure.
  `CREATE VIEW launches AS
    SELECT r.* FROM results r
    LEFT JOIN moves m USING (sweep_id, shard_id)
    LEFT JOIN ended_cells e USING (sweep_id, shard_id, cell_id)
    WHERE r.counted AND (m.moved_seq IS NULL
      OR (e.ended_seq < m.moved_seq AND r.host_id = e.host_id)
      OR (r.seq > m.moved_seq AND coalesce(e.ended_seq > m.moved_seq, true)))`,
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
  `CREATE VIEW given_up AS
    SELECT sweep_id, shard_id, cell_id, arg_min(kind, seq) AS kind, arg_min(reason, seq) AS reason
    FROM decisions WHERE ignored IS NULL AND kind IN ('quarantined', 'abandoned')
    GROUP BY sweep_id, shard_id, cell_id`,
  `CREATE VIEW cells AS
    SELECT p.* REPLACE (coalesce(e.host_id, m.host_id, p.host_id) AS host_id),
      coalesce(e.terminal, q.kind, CASE WHEN a.kind IS NOT NULL THEN 'failed' END) AS terminal,
      CASE WHEN e.terminal IS NULL THEN coalesce(q.kind, a.kind) END AS given_up_by,
      CASE WHEN e.terminal IS NULL THEN coalesce(q.reason, a.reason) END AS given_up_reason,
      coalesce(l.launches, 0) AS launches
    FROM planned_cells p
    LEFT JOIN moves m USING (sweep_id, shard_id)
    LEFT JOIN ended_cells e USING (sweep_id, shard_id, cell_id)
    LEFT JOIN given_up q USING (sweep_id, shard_id, cell_id)
    LEFT JOIN (SELECT * FROM given_up WHERE cell_id IS NULL) a
      ON a.sweep_id = p.sweep_id AND a.shard_id = p.shard_id
    LEFT JOIN (
      SELECT sweep_id, shard_id, cell_id, count(*) AS launches
      FROM launches GROUP BY sweep_id, shard_id, cell_id
    ) l USING (sweep_id, shard_id, cell_id)`,
];

/** Creates everything in an empty database. */
export function createStatements(): string[] {
  const folded = Object.entries(tables).map(([name, columns]) => {
    const list = Object.entries(columns).map(([column, type]) => `${column} ${type}`);
    return `CREATE TABLE ${name} (${list.join(", ")})`;
  });
  const meta = `INSERT INTO meta VALUES (${schemaVersion}, NULL, 0, NULL)`;
  return [...folded, hostsTable, metaTable, ...views, meta];
}
