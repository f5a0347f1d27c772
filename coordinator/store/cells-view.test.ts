import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { applyEvent, emptyLogState } from "../../shared/domain/fold.ts";
import type { LogEvent } from "../../shared/domain/log-event.ts";
import {
  abandoned,
  anyHistory,
  grant,
  moved,
  planned,
  result,
  revoke,
  shardId,
  submitted,
  sweepId,
} from "../../shared/testing/log-events.ts";
import { makeTemporaryDirectory } from "../../shared/testing/temporary-directory.ts";
import { openProjection } from "./projection.ts";

let directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>;
beforeEach(async () => {
  directory = await makeTemporaryDirectory();
});
afterEach(async () => {
  await directory.remove();
});

async function project(path: string, events: readonly LogEvent[]): Promise<void> {
  const state = emptyLogState();
  const projection = await openProjection(path);
  await projection.apply(
    events.map((event, index) => ({ seq: index + 1, ...applyEvent(state, event) })),
  );
  await projection.close();
}

test("cells have the host, the end and the launches that the fold gives them, whatever moved", async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(anyHistory, async (events) => {
      run += 1;
      const path = join(directory.path, `${run}-cells`);
      await project(path, events);
      const cells = await cellsIn(path);
      const state = emptyLogState();
      for (const event of events) applyEvent(state, event);
      const shard = state.sweeps.get(sweepId)?.shards.get(shardId);
      for (const row of cells) {
        const { terminal, launches } = shard?.cells.get(row["cell_id"] as string) ?? {};
        expect(row).toMatchObject({ terminal, launches: String(launches?.length) });
        if (terminal !== "ok") continue;
        const { hostId: endedOn } = launchOf(events, launches?.at(-1)?.attemptId);
        expect(row["host_id"]).toBe(endedOn);
      }
    }),
    { numRuns: 12 },
  );
});

async function cellsIn(path: string) {
  const database = await DuckDBInstance.create(path, { threads: "1" });
  const connection = await database.connect();
  const reader = await connection.runAndReadAll("SELECT * FROM cells ORDER BY cell_id");
  const rows = reader.getRowObjectsJson();
  connection.closeSync();
  database.closeSync();
  return rows;
}

function launchOf(events: readonly LogEvent[], attemptId: string | undefined) {
  const found = events.find(
    (event) => event.type === "result" && event.result.attemptId === attemptId,
  );
  return found?.type === "result" ? found.result : { hostId: null };
}

test("what was given up says by what and why, and moves begin a cell anew", async () => {
  const path = join(directory.path, "projection.duckdb");
  const movable = planned({ movableTo: ["h2"] });
  const lost = moved({ prev: "g1" });
  const there = { hostId: "h2", grantId: "g2", attemptId: "there" };
  await project(path, [
    movable,
    submitted(),
    grant("g1"),
    result({ cellId: "c1" }),
    revoke("g1"),
    lost,
    { ...grant("g2", "g1"), hostId: "h2" },
    result({ ...there, cellId: "c1", terminal: "ok" }),
    abandoned("h2"),
  ]);
  expect(await cellsIn(path)).toMatchObject([
    { cell_id: "c1", host_id: "h2", terminal: "ok", launches: "1", given_up_by: null },
    { cell_id: "c2", host_id: "h2", terminal: "failed", given_up_by: "abandoned" },
  ]);
});
