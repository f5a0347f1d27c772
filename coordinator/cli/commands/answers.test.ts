import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runCli } from "../../../shared/cli/run-cli.ts";
import { applyEvent, emptyLogState } from "../../../shared/domain/fold.ts";
import type { LogEvent } from "../../../shared/domain/log-event.ts";
import { captureIo } from "../../../shared/testing/capture-io.ts";
import { grant, planned, result, submitted } from "../../../shared/testing/log-events.ts";
import { failure, measured } from "../../../shared/testing/outcomes.ts";
import { makeTemporaryDirectory } from "../../../shared/testing/temporary-directory.ts";
import { serveOperators } from "../../../test/support/operator-server.ts";
import { Answers } from "../../answers.ts";
import { openProjection } from "../../store/projection.ts";
import { commands } from "../registry.ts";

/** Two sweeps of one cell with five launches each, the second slower by a tenth; and a failed cell. */
function sweepEvents(sweepId: string, factor: number): LogEvent[] {
  const launches = [1, 2, 3, 4, 5].map((launch) =>
    result({
      sweepId,
      launch,
      attemptId: `${sweepId}-${launch}`,
      outcome: measured({ medianNs: 2e6 * factor * (1 + launch / 1000) }),
      terminal: launch === 5 ? "ok" : null,
    }),
  );
  const failed = result({ sweepId, cellId: "c2", outcome: failure(), terminal: "failed" });
  const events = [planned(), submitted({ name: "a,b" }), grant("g1")] as const;
  return [...events.map((event) => ({ ...event, sweepId })), ...launches, failed];
}

async function serve() {
  const directory = await makeTemporaryDirectory();
  onTestFinished(() => directory.remove());
  await mkdir(join(directory.path, "out"));
  const store = await openProjection(join(directory.path, "projection.duckdb"));
  onTestFinished(() => store.close());
  const state = emptyLogState();
  const events = [...sweepEvents("s1", 1), ...sweepEvents("s2", 1.1)];
  await store.apply(
    events.map((event, index) => ({ seq: index + 1, ...applyEvent(state, event) })),
  );
  const answers = new Answers(store);
  const coordinator = await serveOperators({
    compare: (request) => answers.compare(request),
    history: (cells) => answers.history(cells),
    query: (sql, maxRows, signal) => answers.query(sql, maxRows, signal),
    export: (request, signal) => answers.export(request, signal),
    recommend: (request) => answers.recommend(request),
  });
  return async (...argv: readonly string[]) => {
    const { io, result: outcome } = captureIo();
    const place = ["--coordinator", coordinator];
    await runCli({ description: "test", commands }, [...argv, ...place], {
      ...io,
      cwd: join(directory.path, "out"),
    });
    return { ...outcome, directory: directory.path };
  };
}

test("sql reads the tables as table, JSON and CSV, and says when there is more", async () => {
  const run = await serve();
  const statement = "SELECT sweep_id, count(*) AS n FROM launches GROUP BY ALL ORDER BY ALL";
  expect((await run("sql", statement)).out).toBe("sweep_id  n\ns1        6\ns2        6\n");
  const json = await run("sql", statement, "-o", "json");
  expect(JSON.parse(json.out)).toEqual([
    { sweep_id: "s1", n: "6" },
    { sweep_id: "s2", n: "6" },
  ]);
  const cut = await run("sql", "SELECT name FROM sweeps", "--limit", "1", "-o", "csv");
  expect(cut.out).toBe('name\r\n"a,b"\r\n');
  expect(cut.talk).toContain("more than 1 rows");
});

test.each([
  ["DELETE FROM results", "DELETE may change something"],
  ["SELECT 1; DROP TABLE results", "one statement is taken at a time, this has 2"],
  ["EXPLAIN ANALYZE DELETE FROM results", "read-only"],
  ["SELECT * FROM read_csv('/etc/passwd')", "disabled by configuration"],
  ["SELECT * FROM glob('/*')", "disabled by configuration"],
  ["COPY results TO '/tmp/results.csv'", "disabled by configuration"],
  ["SET enable_external_access = true", "SET may change something"],
  ["ATTACH '/tmp/other.duckdb'", "ATTACH may change something"],
  ["SELEC 1", "syntax error"],
  ["SELECT nothing FROM results", "nothing"],
])("sql refuses %s with exit code 2, and the tables stay as they are", async (statement, why) => {
  const run = await serve();
  const { code, talk } = await run("sql", statement);

  expect(code).toBe(2);
  expect(talk).toContain("the query was not run");
  expect(talk).toContain(why);
  expect((await run("sql", "SELECT count(*) AS n FROM results")).out).toBe(" n\n12\n");
});

test("a query ends with its caller", async () => {
  const directory = await makeTemporaryDirectory();
  onTestFinished(() => directory.remove());
  const store = await openProjection(join(directory.path, "projection.duckdb"));
  onTestFinished(() => store.close());
  const leave = new AbortController();
  const endless = "SELECT count(*) FROM range(10000000000) a, range(1000000) b";
  const query = store.query(endless, 1, leave.signal);
  setTimeout(() => leave.abort(), 100);
  await expect(query).rejects.toThrow("Interrupted");
});

test("a table is exported as CSV, JSON and Parquet", async () => {
  const run = await serve();
  const csv = await run("export", "s1");
  expect(csv.out.split("\n")[0]).toMatch(/^sweep_id,host_id,shard_id,cell_id,cell_json,launch/);
  expect(csv.out.trimEnd().split("\n")).toHaveLength(7);
  const json = await run("export", "s1", "--table", "cells", "--format", "json");
  expect(JSON.parse(json.out)).toMatchObject([
    { cell_id: "c1", terminal: "ok", launches: 5 },
    { cell_id: "c2", terminal: "failed", launches: 1 },
  ]);
  const file = ["--format", "parquet", "--output", "cells.parquet"];
  const { code, directory } = await run("export", "s1", "--table", "cells", ...file);
  expect(code).toBe(0);
  const bytes = await readFile(join(directory, "out", "cells.parquet"));
  expect(bytes.subarray(0, 4).toString()).toBe("PAR1");
});

test.each([
  [["export", "s9"], "there is no sweep s9"],
  [["export", "s1", "--table", "x"], 'no table is called "x": cells, launches'],
  [["export", "s1", "--format", "parquet"], "name a file with --output"],
  [["export", "s1", "--output", "/none/x.csv"], "cannot be written"],
  [["compare", "s1", "s9"], "there is no sweep s9"],
  [["compare", "s1", "s2", "--objective", "x"], 'no objective is called "x"'],
  [["compare", "s1", "s2", "--margin", "x"], 'a margin of "x"'],
  [["gate", "s1", "s2", "--fail-on", "x"], 'no reason to fail is called "x"'],
  [["recommend", "s1", "--objective", "x"], 'no objective is called "x"'],
  [["recommend", "s1", "--confirm"], "nothing can be confirmed"],
  [["recommend", "s9"], "there is no sweep s9"],
  [["history", "s1,host=h9"], "nothing measured is known"],
  [["sql", "SELECT 1", "--limit", "0"], '"0" is no number of rows'],
] as const)("%j ends with exit code 2 and says why", async (argv, why) => {
  const run = await serve();
  const { code, talk } = await run(...argv);
  expect(code).toBe(2);
  expect(talk).toContain(why);
});

test("a gate is closed by a regression with exit code 1, and open the other way", async () => {
  const run = await serve();
  const closed = await run("gate", "s1", "s2", "--fail-on", "regression");
  expect(closed.code).toBe(1);
  expect(closed.talk).toContain("the gate is closed: 1 cell regressed");
  expect(closed.out).toContain("outcome      regression");
  const open = await run("gate", "s2", "s1", "--fail-on", "regression,missing");
  expect(open.code).toBe(0);
  expect(open.talk).toContain("the gate is open");
});

test("a comparison and a history fit into 80 columns", async () => {
  const run = await serve();
  const { out } = await run("compare", "s1", "s2");
  const { out: history, talk } = await run("history", "s2,cores=c1");
  expect(talk).toBe("");
  for (const text of [out, history]) {
    expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
  }
  expect(out).toMatch(/ratio +B over A for latency, above 1 is worse: 1\.100/);
  expect(history).toContain("h1: batch_size 1, cores c1");
});

const published = {
  schema: "fleetsweep.blog.table/1",
  table: "mine",
  host: { cpu: "Xeon", sockets: 2, cores_per_socket: 4 },
  columns: ["framework", "sequence_length", "cores", "sockets_used", "latency_ms"],
  rows: [
    ["pytorch", 128, 4, 1, 20],
    ["pytorch", 128, 8, 2, 25],
    ["pytorch", 128, 1, 1, null],
  ],
};

test("published figures are analysed without a coordinator, and decide nothing without repeats", async () => {
  const directory = await makeTemporaryDirectory();
  onTestFinished(() => directory.remove());
  const run = async (document: unknown, ...argv: readonly string[]) => {
    await writeFile(join(directory.path, "mine.json"), JSON.stringify(document));
    const { io, result: outcome } = captureIo();
    const cli = { description: "test", commands };
    await runCli(cli, ["import", "mine.json", ...argv], { ...io, cwd: directory.path });
    return outcome;
  };
  const { out, code } = await run(published);
  expect(code).toBe(0);
  const words = out.replaceAll(/\s+/g, " ");
  expect(words).toContain("latency: not-enough-data (one-socket is best so far, but one launch of");
  const { out: json } = await run(published, "-o", "json");
  expect(JSON.parse(json)).toMatchObject({
    failed: [{ reason: "unknown" }],
    findings: { verdicts: [{ by_setting: [{ leaning: "one-socket" }] }, {}] },
  });
  const short = { ...published, rows: [["pytorch", 128]] };
  expect((await run(short)).talk).toContain("mine.json, mine, row 1: 2 values, the table has 5");
  expect((await run({ ...published, host: {} })).talk).toContain("at host.cpu");
  expect((await run(published, "--table", "x")).talk).toContain("no latencies in that table; mine");
});
