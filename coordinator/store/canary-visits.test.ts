import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { applyEvent, emptyLogState } from "../../shared/domain/fold.ts";
import type { LogEvent } from "../../shared/domain/log-event.ts";
import { precisionModes } from "../../shared/domain/method.ts";
import { grant, planned, result, submitted, sweepId } from "../../shared/testing/log-events.ts";
import { measured } from "../../shared/testing/outcomes.ts";
import { makeTemporaryDirectory } from "../../shared/testing/temporary-directory.ts";
import { openProjection } from "./projection.ts";

test("visits of a canary stand apart from the cells of the matrix, and are one cell in a history", async () => {
  const visit = (shard: string, cellId: string) => ({
    ...planned({ shardId: shard }),
    cells: [{ cellId, cell: { cores: 2, canary: shard } }],
  });
  const directory = await makeTemporaryDirectory();
  onTestFinished(() => directory.remove());
  const projection = await openProjection(join(directory.path, "projection.duckdb"));
  const state = emptyLogState();
  const events: LogEvent[] = [
    visit("s1", "v1"),
    visit("s2", "v2"),
    submitted({ method: precisionModes.smoke, shardCount: 2, cellCount: 2 }),
    { ...grant("g1"), shardId: "s1" },
    { ...grant("g2"), shardId: "s2" },
    result({ shardId: "s1", cellId: "v1", outcome: measured({ medianNs: 100 }), terminal: "ok" }),
    result({
      shardId: "s2",
      grantId: "g2",
      cellId: "v2",
      outcome: measured({ medianNs: 110 }),
      terminal: "ok",
    }),
  ];
  await projection.apply(
    events.map((event, index) => ({ seq: index + 1, ...applyEvent(state, event) })),
  );
  const { cells, canaries } = await projection.readReportInput(sweepId);
  expect(cells).toEqual([]);
  expect(canaries.map(({ shardId, cell }) => [shardId, cell])).toEqual([
    ["s1", { cores: 2, canary: "s1" }],
    ["s2", { cores: 2, canary: "s2" }],
  ]);
  const [history, ...others] = await projection.readHistory(sweepId);
  expect(others).toEqual([]);
  expect(history?.cell).toEqual({ cores: 2, canary: "all" });
  expect(history?.entries).toMatchObject([{ sweepId, mediansNs: [100, 110] }]);
  await projection.close();
});
