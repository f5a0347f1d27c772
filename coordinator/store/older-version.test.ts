import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterEach, beforeEach, expect, test } from "vitest";
import { applyEvent, emptyLogState } from "../../shared/domain/fold.ts";
import { grant, planned, result, revoke, submitted } from "../../shared/testing/log-events.ts";
import { makeTemporaryDirectory } from "../../shared/testing/temporary-directory.ts";
import { openProjection } from "./projection.ts";
import type { ProjectedEntry } from "./rows.ts";
import { tables } from "./tables.ts";

let directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>;
beforeEach(async () => {
  directory = await makeTemporaryDirectory();
});
afterEach(async () => {
  await directory.remove();
});

function entries(): ProjectedEntry[] {
  const state = emptyLogState();
  const events = [planned(), submitted(), grant("g1"), result(), revoke("g1")];
  return events.map((event, index) => ({ seq: index + 1, ...applyEvent(state, event) }));
}

/** Opens the file, and projects what it does not hold yet; returns where it began. */
async function project(file: string): Promise<number> {
  const projection = await openProjection(file);
  const { cursor } = projection;
  await projection.apply(entries());
  await projection.close();
  return cursor;
}

async function change(file: string, statements: readonly string[]): Promise<void> {
  const database = await DuckDBInstance.create(file);
  const connection = await database.connect();
  for (const statement of statements) await connection.run(statement);
  connection.closeSync();
  database.closeSync();
}

async function dump(file: string): Promise<unknown[]> {
  const database = await DuckDBInstance.create(file);
  const connection = await database.connect();
  const rows: unknown[] = [];
  for (const name of [...Object.keys(tables), "meta", "sweeps", "shards", "cells"]) {
    const read = await connection.runAndReadAll(`SELECT * FROM ${name} ORDER BY ALL`);
    rows.push([name, read.getRowsJson()]);
  }
  connection.closeSync();
  database.closeSync();
  return rows;
}

test("a file of an older version is emptied, and has the same rows once the log is folded again", async () => {
  const [fresh, older] = ["fresh", "older"].map((name) => join(directory.path, name));
  await project(fresh ?? "");
  await project(older ?? "");
  await change(older ?? "", [
    "UPDATE meta SET schema_version = 1",
    // A column goes only from a table that no view looks at.
    "DROP VIEW moves",
    "ALTER TABLE corrupt_entries DROP COLUMN reason",
    'CREATE VIEW "gone ""now""" AS SELECT * FROM results',
  ]);
  expect(await project(older ?? "")).toBe(0);
  expect(await dump(older ?? "")).toEqual(await dump(fresh ?? ""));
  expect(await project(older ?? "")).toBe(entries().length);
});
