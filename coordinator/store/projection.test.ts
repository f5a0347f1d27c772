import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { applyEvent, emptyLogState } from "../../shared/domain/fold.ts";
import type { LogEvent } from "../../shared/domain/log-event.ts";
import { precisionModes } from "../../shared/domain/method.ts";
import { encodeSamples } from "../../shared/runtime/sample-codec.ts";
import {
  anyHistory,
  closed,
  grant,
  planned,
  result,
  revoke,
  submitted,
  sweepId,
} from "../../shared/testing/log-events.ts";
import { failure, instance, measured } from "../../shared/testing/outcomes.ts";
import { makeTemporaryDirectory } from "../../shared/testing/temporary-directory.ts";
import { makeTopology } from "../../shared/testing/topologies.ts";
import { openProjection } from "./projection.ts";
import type { ProjectedEntry } from "./rows.ts";
import { tables } from "./tables.ts";

let directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>;
let file: string;
beforeEach(async () => {
  directory = await makeTemporaryDirectory();
  file = join(directory.path, "projection.duckdb");
});
afterEach(async () => {
  await directory.remove();
});

function folded(events: readonly LogEvent[]): ProjectedEntry[] {
  const state = emptyLogState();
  return events.map((event, index) => ({ seq: index + 1, ...applyEvent(state, event) }));
}

const samplesNs = Array.from({ length: 40 }, (_, n) => 1_000_000 + n * 1_000);
const warmup = encodeSamples([9_000_000, 3_000_000, 2_000_000]);
const withSamples = measured({
  instances: [instance({ samples: encodeSamples(samplesNs), warmup })],
});

/** A sweep with a counted launch, an orphan and a failed cell, sealed. */
const history: readonly LogEvent[] = [
  planned(),
  submitted({ method: precisionModes.smoke }),
  grant("g1"),
  result({ cellId: "c1", launch: 1, outcome: withSamples }),
  revoke("g1"),
  result({ cellId: "c1", launch: 2, outcome: withSamples, attemptId: "late" }),
  grant("g2", "g1"),
  result({ grantId: "g2", cellId: "c1", launch: 2, outcome: withSamples, terminal: "ok" }),
  result({ grantId: "g2", cellId: "c2", launch: 1, outcome: failure(), terminal: "failed" }),
  closed(),
  { type: "sealed", sweepId },
];

/** Every row of every table that is folded from the log. */
async function dump(path: string): Promise<Record<string, unknown[]>> {
  const database = await DuckDBInstance.create(path, { threads: "1" });
  const connection = await database.connect();
  const rows: Record<string, unknown[]> = {};
  for (const name of [...Object.keys(tables), "meta", "sweeps", "shards", "cells"]) {
    const reader = await connection.runAndReadAll(`SELECT * FROM ${name} ORDER BY ALL`);
    rows[name] = reader.getRowsJson();
  }
  connection.closeSync();
  database.closeSync();
  return rows;
}

async function project(path: string, batches: readonly (readonly ProjectedEntry[])[]) {
  const projection = await openProjection(path);
  for (const batch of batches) await projection.apply(batch);
  await projection.close();
}

test("after the file is deleted, folding the log gives the same rows, however it is cut", async () => {
  const entries = folded(history);
  await project(file, [entries]);
  const again = join(directory.path, "again.duckdb");
  await project(again, [entries.slice(0, 3), entries.slice(3, 8), entries.slice(8)]);
  expect(await dump(again)).toEqual(await dump(file));
});

test("any history gives the same rows in one batch and with every batch repeated", async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(anyHistory, fc.integer({ min: 1, max: 5 }), async (events, size) => {
      run += 1;
      const entries = folded(events);
      const [one, many] = [join(directory.path, `${run}-a`), join(directory.path, `${run}-b`)];
      await project(one, [entries]);
      const batches: ProjectedEntry[][] = [];
      for (let start = 0; start < entries.length; start += size) {
        batches.push(entries.slice(0, start + size));
      }
      await project(many, batches);
      expect(await dump(many)).toEqual(await dump(one));
    }),
    { numRuns: 3 },
  );
});

test("every result is a row that says whether it counts, and why not", async () => {
  await project(file, [folded(history)]);
  const { results = [] } = await dump(file);
  const columns = Object.keys(tables.results);
  const shown = (results as unknown[][]).map((row) =>
    ["attempt_id", "counted", "orphan_reason"].map((name) => row[columns.indexOf(name)]),
  );
  expect(shown).toEqual([
    ["g1-c1-1", true, null],
    ["late", false, "stale-grant"],
    ["g2-c1-2", true, null],
    ["g2-c2-1", true, null],
  ]);
});

test("traces hold counted launches in time, and the calls of each cell as quantiles", async () => {
  const projection = await openProjection(file);
  await projection.apply(folded(history));
  const { launches, launchesMeasured, cells, cellsMeasured } = await projection.readTraces(sweepId);
  expect(launches.map(({ cellId, launch, status }) => `${cellId} ${launch} ${status}`)).toEqual([
    "c1 1 valid",
    "c1 2 valid",
  ]);
  expect([launchesMeasured, cellsMeasured]).toEqual([2, 1]);
  const [first] = cells;
  expect(first).toMatchObject({ cellId: "c1", launches: 2 });
  expect(first?.quantilesNs[0]).toBe(1_000_000);
  const settling = first?.warmupCourse.map(({ firstCall, medianNs }) => [firstCall, medianNs]);
  expect(settling).toEqual([
    [-3, 9_000_000],
    [-2, 3_000_000],
    [-1, 2_000_000],
  ]);
  expect(await projection.readTraces("nope")).toMatchObject({ launches: [], cells: [] });
  await projection.close();
});

test("a report's input holds counted launches only, with the calls pooled", async () => {
  const projection = await openProjection(file);
  await projection.apply(folded(history));
  const input = await projection.readReportInput(sweepId);
  expect(input.sweep).toEqual({
    sweepId,
    name: "test",
    state: "sealed",
    method: precisionModes.smoke,
    submittedAtMs: 0,
    orphans: 1,
    source: "name: test\n",
  });
  expect(input.hosts).toEqual([
    {
      hostId: "h1",
      agentVersion: null,
      topology: null,
      cores: null,
      classId: null,
      parameterDefaults: {},
    },
  ]);
  const [c1, c2] = input.cells;
  expect(c1).toMatchObject({ cellId: "c1", cell: { cores: "c1" }, terminal: "ok" });
  expect(c1?.launches.map((launch) => launch.launch)).toEqual([1, 2]);
  expect(c1?.pooled?.count).toBe(80);
  expect(c1?.pooled?.p90Ns).toBeCloseTo(1_035_100, 6);
  expect(c2).toMatchObject({ terminal: "failed", pooled: null });
  expect(c2?.launches).toMatchObject([{ type: "failed", reason: "crashed" }]);
  await projection.close();
});

test("samples come back as they were measured", async () => {
  const projection = await openProjection(file);
  await projection.apply(folded(history));
  expect(await projection.readSamples("late")).toEqual([samplesNs]);
  expect(await projection.readSamples("unknown")).toEqual([]);
  await projection.close();
});

test("samples that no decoder reads cost the percentile and not the report", async () => {
  const garbage = { encoding: "delta-varint-deflate-base64", count: 3, data: "AAAA" } as const;
  const events = history.map((event) =>
    event.type === "result" && event.result.attemptId === "g1-c1-1"
      ? result({ outcome: measured({ instances: [instance({ samples: garbage })] }) })
      : event,
  );
  const projection = await openProjection(file);
  await projection.apply(folded(events));
  const { cells } = await projection.readReportInput(sweepId);
  expect(cells[0]).toMatchObject({ launches: { length: 2 }, pooled: null });
  await expect(projection.readSamples("g1-c1-1")).rejects.toMatchObject({ code: "log.corrupt" });
  await projection.close();
});

test("text with any characters comes back as it was", async () => {
  const message = "NUL \0, quotes \"', a pair \u{1f600} and a line\nfeed";
  const projection = await openProjection(file);
  const bad = result({ outcome: failure({ message }), terminal: "failed" });
  await projection.apply(folded([planned(), submitted(), grant("g1"), bad]));
  const { cells } = await projection.readReportInput(sweepId);
  expect(cells[0]?.launches).toMatchObject([{ message }]);
  await projection.close();
});

test("a corrupt entry is kept as one", async () => {
  await project(file, [[{ seq: 1, subject: "fs.log.x", corrupt: "no JSON" }]]);
  expect((await dump(file))["corrupt_entries"]).toEqual([["1", "fs.log.x", "no JSON"]]);
});

test("a host's facts are replaced, and come with the report", async () => {
  const projection = await openProjection(file);
  const host = {
    hostId: "h1",
    agentVersion: "0.1.0",
    topology: makeTopology({ packages: 2, nodesPerPackage: 1, coresPerNode: 4 }),
    runnersJson: "[]",
    labels: {},
    observedAtMs: 1,
  };
  await projection.putHost(host);
  await projection.putHost({ ...host, agentVersion: "0.2.0" });
  await projection.apply(folded(history));
  const { hosts } = await projection.readReportInput(sweepId);
  expect(hosts).toMatchObject([
    { hostId: "h1", agentVersion: "0.2.0", topology: host.topology, cores: { packages: [{}, {}] } },
  ]);
  expect(hosts[0]?.classId).toMatch(/^2p2n8c-/);
  await projection.close();
});

test("a batch that fails leaves neither rows nor a moved cursor", async () => {
  const projection = await openProjection(file);
  const [first, ...rest] = folded(history);
  const bad = { seq: 2, subject: "s", corrupt: 7 } as unknown as ProjectedEntry;
  await expect(projection.apply([first as ProjectedEntry, bad])).rejects.toMatchObject({
    code: "store.failed",
    retryable: true,
  });
  expect(projection.cursor).toBe(0);
  await projection.apply([first as ProjectedEntry, ...rest]);
  await projection.close();
  const whole = join(directory.path, "whole.duckdb");
  await project(whole, [folded(history)]);
  expect(await dump(file)).toEqual(await dump(whole));
});

test("a projection of another log, or of more than the log holds, is refused", async () => {
  const projection = await openProjection(file);
  await projection.bindLog({ createdAt: "monday", lastSeq: 11 });
  await projection.apply(folded(history));
  await projection.bindLog({ createdAt: "monday", lastSeq: 11 });
  for (const head of [
    { createdAt: "tuesday", lastSeq: 11 },
    { createdAt: "monday", lastSeq: 5 },
  ]) {
    await expect(projection.bindLog(head)).rejects.toMatchObject({ code: "state.unusable" });
  }
  await projection.close();
});

test("a file of a newer version, and one that is no database, are refused with what to do", async () => {
  await project(file, [folded(history)]);
  const database = await DuckDBInstance.create(file);
  const connection = await database.connect();
  await connection.run("UPDATE meta SET schema_version = 99");
  connection.closeSync();
  database.closeSync();
  await expect(openProjection(file)).rejects.toMatchObject({
    code: "state.unusable",
    message: expect.stringContaining("a newer version"),
  });
  const text = join(directory.path, "text");
  await writeFile(text, "not a database ".repeat(1_000));
  await expect(openProjection(text)).rejects.toMatchObject({
    code: "state.unusable",
    message: expect.stringContaining("rebuilt from the log"),
  });
});

test("a sweep that is not there is not found", async () => {
  const projection = await openProjection(file);
  await expect(projection.readReportInput("nope")).rejects.toMatchObject({
    code: "sweep.not_found",
  });
  await projection.close();
});
