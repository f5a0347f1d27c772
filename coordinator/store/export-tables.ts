/** The structure of exports: a change that breaks readers gets another number. */
export const exportSchema = "fleetsweep-export/1";

export const exportFormats = ["csv", "json", "parquet"] as const;
export type ExportFormat = (typeof exportFormats)[number];

interface ExportTable {
  readonly summary: string;
  /** Rows of one sweep in a fixed order; the id comes as a quoted SQL literal. */
  readonly query: (sweepId: string) => string;
}

/** What can be exported of a sweep, by name; a test holds docs/export.md to the columns. */
export const exportTables = {
  cells: {
    summary: "every planned cell with what became of it",
    query: (sweepId) => `
      SELECT sweep_id, host_id, shard_id, cell_id, position, cell_json, terminal, launches
      FROM cells WHERE sweep_id = ${sweepId} ORDER BY host_id, seq, position`,
  },
  launches: {
    summary: "every counted launch of every cell, measured or failed",
    query: (sweepId) => `
      SELECT l.sweep_id, l.host_id, l.shard_id, l.cell_id, p.cell_json, l.launch, l.attempt_id,
        l.outcome, l.median_ns, l.samples_per_second, l.verdict, l.reasons_json, l.failure_reason,
        l.failure_message, l.terminal, l.ended_at_ms
      FROM launches l JOIN planned_cells p USING (sweep_id, shard_id, cell_id)
      WHERE l.sweep_id = ${sweepId} ORDER BY l.host_id, p.seq, p.position, l.launch`,
  },
  instances: {
    summary: "every process of every counted launch",
    query: (sweepId) => `
      SELECT l.sweep_id, l.host_id, l.cell_id, l.launch, i.instance, i.calls, i.warmup_calls,
        i.median_ns, i.started_ns, i.ended_ns, i.load_ns, i.first_call_ns
      FROM instances i JOIN launches l USING (seq)
      WHERE l.sweep_id = ${sweepId} ORDER BY l.seq, i.instance`,
  },
  samples: {
    summary: "the encoded samples of every process of every counted launch",
    query: (sweepId) => `
      SELECT l.sweep_id, l.host_id, l.cell_id, l.launch, s.instance, s.encoding, s.sample_count,
        base64(s.data) AS data_base64
      FROM samples s JOIN launches l USING (seq)
      WHERE l.sweep_id = ${sweepId} ORDER BY l.seq, s.instance`,
  },
  warmups: {
    summary: "the encoded times of the last warm-up calls, where the runner tells them",
    query: (sweepId) => `
      SELECT l.sweep_id, l.host_id, l.cell_id, l.launch, w.instance, w.encoding, w.sample_count,
        base64(w.data) AS data_base64
      FROM warmups w JOIN launches l USING (seq)
      WHERE l.sweep_id = ${sweepId} ORDER BY l.seq, w.instance`,
  },
  environments: {
    summary: "what was in force during every counted launch, read back",
    query: (sweepId) => `
      SELECT l.sweep_id, l.host_id, l.cell_id, l.launch, e.binding_tool, e.runner_versions_json,
        e.readback_json, e.counters_json
      FROM environments e JOIN launches l USING (seq)
      WHERE l.sweep_id = ${sweepId} ORDER BY l.seq`,
  },
  orphans: {
    summary: "results that do not count, and why",
    query: (sweepId) => `
      SELECT sweep_id, host_id, shard_id, cell_id, launch, attempt_id, grant_id, orphan_reason,
        outcome, median_ns, samples_per_second, ended_at_ms
      FROM orphans WHERE sweep_id = ${sweepId} ORDER BY seq`,
  },
  hosts: {
    summary: "the hosts of the sweep with the last facts that they reported",
    query: (sweepId) => `
      SELECT p.host_id, h.agent_version, h.topology_json, h.runners_json, h.labels_json,
        h.observed_at_ms
      FROM (SELECT DISTINCT host_id FROM planned_shards WHERE sweep_id = ${sweepId}) p
      LEFT JOIN hosts h USING (host_id) ORDER BY p.host_id`,
  },
} as const satisfies Readonly<Record<string, ExportTable>>;

export type ExportTableName = keyof typeof exportTables;
