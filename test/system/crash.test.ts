import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openDatabase } from "../../coordinator/store/open-database.ts";
import { type ReadRow, readRows } from "../../coordinator/store/read-rows.ts";
import { makeTemporaryDirectory } from "../../shared/testing/temporary-directory.ts";
import { fleetsweep, programsOf, startUp } from "./fleet.ts";

/** 12 cells in 5 launches each, some seconds of work: enough to be in its middle when the axe falls. */
const sweepFile = `
name: crash
axes:
  runner: noop
  model: nothing
  batch_size: [1, 2, 4]
  sequence_length: [8, 16]
  placement: one-socket
  cores: 1
parameters:
  call_us: [200, 400]
method:
  precision: quick
  launches: 5
  min_seconds: 0.05
  max_seconds: 0.1
  warmup_max_seconds: 0.1
`;
const cells = 12;
const launches = 5;

let directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>;

beforeEach(async () => {
  directory = await makeTemporaryDirectory();
});
afterEach(() => directory.remove());

interface ReportJson {
  sweep: { state: string };
  rows: { cell_id: string; launches: { used: number; invalid: number; failed: number } }[];
  failed: unknown[];
  missing: unknown[];
}

test.each(["agent", "coordinator", "nats-server"])(
  "after kill -9 of the %s in the middle of a sweep and a restart, every launch is counted once",
  async (victim) => {
    const state = join(directory.path, "state");
    const file = join(directory.path, "crash.yaml");
    await writeFile(file, sweepFile);

    const first = await startUp(state);
    const sweepId = await submit(state, file);
    await untilSomeLaunchesCount(state, sweepId);
    const pid = (await programsOf(state))[victim];
    if (pid === undefined) throw new Error(`${victim} does not run`);
    process.kill(pid, "SIGKILL");
    expect(await first.ended).toBe(3);
    expect(first.output.stderr).toContain(`${victim} was ended by SIGKILL`);
    expect(await programsOf(state)).toEqual({});

    const second = await startUp(state);
    await vi.waitFor(
      async () => expect((await fleetsweep(state, "sweeps")).stdout).toMatch(/ done /),
      { timeout: 120_000, interval: 1_000 },
    );
    const report = await fleetsweep(state, "report", sweepId, "-o", "json");
    const { rows, failed, missing } = JSON.parse(report.stdout) as ReportJson;
    expect({ failed, missing }).toEqual({ failed: [], missing: [] });
    expect(new Set(rows.map((row) => row.cell_id)).size).toBe(cells);
    for (const { launches: counts } of rows) {
      expect(counts.used).toBeLessThanOrEqual(launches);
    }
    second.child.kill("SIGINT");
    expect(await second.ended).toBe(130);
    expect(await programsOf(state)).toEqual({});
    await expectCountedOnce(join(state, "coordinator", "projection.duckdb"));
  },
);

/** Every cell has its launches 1, 2, 3 … counted, each once, at least as many as were asked for. */
async function expectCountedOnce(file: string): Promise<void> {
  const { connection, instance } = await openDatabase(file);
  const counted = await readRows(
    connection,
    "SELECT cell_id, launch FROM results WHERE counted ORDER BY cell_id, launch",
    [],
  );
  connection.closeSync();
  instance.closeSync();
  const byCell = groupByCell(counted);
  expect(byCell.size).toBe(cells);
  for (const rows of byCell.values()) {
    const numbers = rows.map((row) => Number(row["launch"]));
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    expect(numbers.length).toBeGreaterThanOrEqual(launches);
  }
}

function groupByCell(rows: readonly ReadRow[]): ReadonlyMap<string, ReadRow[]> {
  const groups = new Map<string, ReadRow[]>();
  for (const row of rows) {
    const cell = String(row["cell_id"]);
    groups.set(cell, [...(groups.get(cell) ?? []), row]);
  }
  return groups;
}

async function submit(state: string, file: string): Promise<string> {
  return await vi.waitFor(
    async () => {
      const { code, stdout, stderr } = await fleetsweep(state, "run", file, "--detach");
      expect({ code, stderr }).toMatchObject({ code: 0 });
      return stdout.trim();
    },
    { timeout: 30_000, interval: 500 },
  );
}

async function untilSomeLaunchesCount(state: string, sweepId: string): Promise<void> {
  await vi.waitFor(
    async () => {
      const { stdout } = await fleetsweep(state, "status", sweepId, "-o", "json");
      const { hosts } = JSON.parse(stdout) as { hosts: { launchesDone: number }[] };
      const done = hosts[0]?.launchesDone ?? 0;
      expect(done).toBeGreaterThan(cells / 2);
      expect(done).toBeLessThan(cells * launches);
    },
    { timeout: 60_000, interval: 200 },
  );
}
